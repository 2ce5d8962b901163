import { describe, expect, it } from '@jest/globals';
import { diffLines } from '../../../registry/console/browser/line-diff.ts';
import { areaPath, linePath, scaleTop } from '../../../registry/console/browser/line-path.ts';
import { layOut } from '../../../registry/console/browser/picture-layout.ts';
import { linkTo, readRoute } from '../../../registry/console/browser/route.ts';
import { showAgo, showMs, showPart, showRate } from '../../../registry/console/browser/show.ts';

const lines = (count: number, change: Record<number, string> = {}) =>
  Array.from({ length: count }, (_, index) => change[index + 1] ?? `line ${index + 1}`).join('\n');

describe('the difference between two texts', () => {
  it('is what was removed and added, with three lines around it', () => {
    expect(diffLines(lines(20), lines(20, { 10: 'ten' }))).toEqual([
      { kind: 'gap', text: '6 lines that are the same' },
      ...[7, 8, 9].map((number) => ({ kind: 'same', text: `line ${number}`, number })),
      { kind: 'removed', text: 'line 10', number: 10 },
      { kind: 'added', text: 'ten', number: 10 },
      ...[11, 12, 13].map((number) => ({ kind: 'same', text: `line ${number}`, number })),
      { kind: 'gap', text: '7 lines that are the same' },
    ]);
  });

  it('keeps the lines that both have in common between others', () => {
    const kinds = diffLines('a\nb\nc\nd', 'x\nb\ny\nd\nz').map(({ kind, text }) => `${kind} ${text}`);
    expect(kinds).toEqual(['removed a', 'added x', 'same b', 'removed c', 'added y', 'same d', 'added z']);
  });

  it('is all of a text that is new, or gone, and nothing of one that is the same', () => {
    expect(diffLines('', 'a\nb').map(({ kind }) => kind)).toEqual(['added', 'added']);
    expect(diffLines('a\n', '').map(({ kind }) => kind)).toEqual(['removed']);
    expect(diffLines(lines(9), lines(9))).toEqual([{ kind: 'gap', text: '9 lines that are the same' }]);
  });

  it('does not compare two texts line by line that are large and have nothing in common', () => {
    const young = Array.from({ length: 3_000 }, (_, index) => `new ${index}`).join('\n');
    const kinds = diffLines(lines(3_000), young).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'removed')).toHaveLength(3_000);
    expect(kinds.filter((kind) => kind === 'added')).toHaveLength(3_000);
  });
});

describe('the picture of a graph', () => {
  const type = (name: string, shares: Record<string, number>, isEntity = true) => ({
    ...{ name, isEntity, kind: 'OBJECT', fieldCount: Math.max(...Object.values(shares)) },
    shares: Object.entries(shares).map(([subgraph, fieldCount]) => ({ subgraph, fieldCount })),
  });

  it('has a stream for each part that a subgraph has of an entity or of a root type', () => {
    const types = [type('Query', { a: 3, b: 1 }, false), type('User', { a: 5, b: 2 }), type('Page', { a: 2 }, false)];
    const { ribbons, types: nodes } = layOut(['a', 'b'], types);
    expect(nodes.map(({ name }) => name)).toEqual(['Query', 'User']);
    expect(ribbons.map(({ subgraph, type: name, fieldCount }) => `${subgraph} ${name} ${fieldCount}`).sort()).toEqual([
      ...['a Query 3', 'a User 5', 'b Query 1', 'b User 2'],
    ]);
  });

  it('puts what belongs together at the same height, so that no stream crosses another without need', () => {
    const types = [type('Zebra', { a: 4 }), type('Ant', { c: 4 }), type('Bee', { b: 4 })];
    const { subgraphs, types: nodes } = layOut(['a', 'b', 'c'], types);
    const owners: Record<string, string> = { Zebra: 'a', Ant: 'c', Bee: 'b' };
    expect(nodes.map(({ name }) => owners[name])).toEqual(subgraphs.map(({ name }) => name));
  });

  it('leaves out what has no place, and says how much; no node overlaps another', () => {
    const types = Array.from({ length: 50 }, (_, index) => type(`Type${index}`, { a: 300, b: index + 1 }));
    const { types: nodes, leftOut, height } = layOut(['a', 'b'], types);
    expect(leftOut).toBe(30);
    nodes.slice(1).forEach((node, index) => {
      const above = nodes[index];
      expect(node.y).toBeGreaterThan((above?.y ?? 0) + (above?.height ?? 0));
    });
    expect((nodes.at(-1)?.y ?? 0) + (nodes.at(-1)?.height ?? 0)).toBeLessThanOrEqual(height);
    expect(layOut([], []).ribbons).toEqual([]);
  });
});

describe('a chart', () => {
  const box = { width: 100, height: 10, top: 5 };

  it('is a line from left to right, broken where there is no value', () => {
    expect(linePath([0, 5, null, 5, 0], box)).toBe('M0 10L25 0M75 0L100 10');
    expect(areaPath([0, 5, null], box)).toBe('M0 10L0 10L50 0L50 10Z');
    expect(linePath([], box)).toBe('');
  });

  it('has a round number at its top', () => {
    expect([0, 0.03, 1, 1.2, 49, 180, 900].map(scaleTop)).toEqual([1, 0.05, 1, 2, 50, 200, 1_000]);
  });
});

describe('an address within the console', () => {
  it('names graph, variant, page and what is shown there', () => {
    const route = { graphId: 'shop', variant: 'a/b ü', page: 'types', detail: 'Order' };
    expect(readRoute(linkTo(route, 'types', 'Order'))).toEqual(route);
    expect(readRoute('#/shop@current')).toEqual({
      graphId: 'shop',
      variant: 'current',
      page: 'graph',
      detail: undefined,
    });
    expect(readRoute('#/shop//')).toMatchObject({ graphId: 'shop', variant: '' });
    expect(readRoute('')).toBeUndefined();
    expect(readRoute('#/shop@%')).toMatchObject({ variant: '%' });
  });
});

describe('numbers', () => {
  it('are written with as many digits as say something', () => {
    expect([0, 0.04, 3.14, 1_234.5].map(showRate)).toEqual(['0', '0.04', '3.1', '1,235']);
    expect([null, 0, 0.0001, 0.034, 0.5, 1].map(showPart)).toEqual(['–', '0 %', '< 0.1 %', '3.4 %', '50 %', '100 %']);
    expect([null, 0.31, 18.2, 2_345].map(showMs)).toEqual(['–', '0.3 ms', '18 ms', '2.35 s']);
    const now = Date.parse('2026-11-25T12:00:00Z');
    expect(showAgo('2026-11-25T11:59:30Z', now)).toBe('just now');
    expect(showAgo('2026-11-25T09:00:00Z', now)).toBe('3 hours ago');
  });
});
