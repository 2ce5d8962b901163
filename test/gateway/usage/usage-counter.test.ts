import { describe, expect, it } from '@jest/globals';
import { type FragmentDefinitionNode, parse } from 'graphql';
import { createUsageCounter, type RanOperation, type UsageCounter } from '../../../gateway/usage/usage-counter.ts';
import { SHOP } from './shop-schema.ts';

const NO_FRAGMENTS: ReadonlyMap<string, FragmentDefinitionNode> = new Map();
const NOON = Date.parse('2026-11-25T12:00:00Z');

function toRan(text: string, more: Partial<RanOperation> = {}): RanOperation {
  const [operation] = parse(text).definitions.filter((node) => node.kind === 'OperationDefinition');
  if (operation === undefined) throw new TypeError('no operation');
  return {
    operation,
    fragments: NO_FRAGMENTS,
    variables: {},
    schema: SHOP,
    clientName: undefined,
    clientVersion: undefined,
    ...more,
  };
}

const create = (more: Partial<Parameters<typeof createUsageCounter>[0]> = {}) =>
  createUsageCounter({ maxOperations: 100, maxCounts: 100, now: () => NOON, ...more });
const take = (counter: UsageCounter) =>
  counter.take().map(({ operation, day, client, count }) => ({ operation: operation.name, day, ...client, count }));

describe('the counter of usage', () => {
  it('counts by operation, client and day', () => {
    let time = NOON;
    const counter = create({ now: () => time });
    const web = { clientName: 'web', clientVersion: '1' };
    const one = toRan('query A { items { id } }');
    counter.count({ ...one, ...web });
    counter.count({ ...one, ...web });
    counter.count({ ...toRan('query   A { items { id } }'), ...web });
    counter.count(one);
    counter.count(toRan('query B { items { id } }'));
    time += 86_400_000;
    counter.count({ ...one, ...web });
    expect(take(counter)).toEqual([
      { operation: 'A', day: '2026-11-25', name: 'web', version: '1', count: 3 },
      { operation: 'A', day: '2026-11-25', name: '', version: '', count: 1 },
      { operation: 'A', day: '2026-11-26', name: 'web', version: '1', count: 1 },
      { operation: 'B', day: '2026-11-25', name: '', version: '', count: 1 },
    ]);
    expect(take(counter)).toEqual([]);
  });

  it('gathers what variables use: input fields and enum values, and no value', () => {
    const counter = create();
    const ran = toRan('query ($f: Filter, $c: [Color!], $raw: JSON) { items(filter: $f, raw: $raw) { id } }');
    counter.count({ ...ran, variables: { f: { name: 'secret', color: 'RED' }, raw: { Filter: 'x', min: 1 } } });
    counter.count({ ...ran, variables: { f: { and: [{ price: { max: 4 } }, { colors: 'BLUE' }] }, c: ['GREEN'] } });
    counter.count({ ...ran, variables: { f: { extra: { min: 7, color: 'RED' }, unknown: 1 } } });
    counter.count({ ...ran, variables: { f: null, c: 'secret' } });
    const [counted] = counter.take();
    const { coordinates } = counted?.operation ?? { coordinates: new Set() };
    expect(counted?.count).toBe(4);
    expect([...coordinates].filter((name) => /^(Filter|Color|Range)\b./.test(`${name}.`)).sort()).toEqual([
      'Color',
      'Color.BLUE',
      'Color.GREEN',
      'Color.RED',
      'Filter',
      'Filter.and',
      'Filter.color',
      'Filter.colors',
      'Filter.extra',
      'Filter.name',
      'Filter.price',
      'Range.max',
    ]);
    expect(JSON.stringify([...coordinates])).not.toContain('secret');
  });

  it('counts no more operations than it may, and says how many runs it has dropped', () => {
    const counter = create({ maxOperations: 2 });
    for (const name of ['A', 'B', 'C', 'C', 'A']) counter.count(toRan(`query ${name} { items { id } }`));
    expect(take(counter).map(({ count }) => count)).toEqual([2, 1]);
    expect([counter.takeDropped(), counter.takeDropped()]).toEqual([2, 0]);
    counter.count(toRan('query C { items { id } }'));
    expect(take(counter)).toHaveLength(1);
  });

  it('counts no more clients than it may', () => {
    const counter = create({ maxCounts: 3 });
    const ran = toRan('query A { items { id } }');
    for (let index = 0; index < 10; index++) counter.count({ ...ran, clientName: `client ${index}` });
    counter.count({ ...ran, clientName: 'client 0' });
    expect(take(counter).map(({ count }) => count)).toEqual([2, 1, 1]);
    expect(counter.takeDropped()).toBe(7);
  });

  it('keeps no operation that is very long, and few characters of what clients call themselves', () => {
    const counter = create();
    const fields = Array.from({ length: 20_000 }, (_, index) => `f${index}: id`).join(' ');
    counter.count(toRan(`{ items { ${fields} } }`));
    expect([take(counter), counter.takeDropped()]).toEqual([[], 1]);
    counter.count({ ...toRan('{ items { id } }'), clientName: 'x'.repeat(1_000) });
    expect(take(counter)[0]?.name).toHaveLength(200);
  });

  it('adds what is put back to what was counted meanwhile', () => {
    const counter = create();
    const ran = toRan('query A { items { id } }');
    counter.count(ran);
    const taken = counter.take();
    counter.count(ran);
    counter.putBack(taken);
    expect(take(counter).map(({ count }) => count)).toEqual([2]);
  });
});
