import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { gatewayConfig } from '../../../gateway/config.ts';
import {
  checkLabels,
  createDecideLabels,
  type LabelRequest,
  type OverrideOptions,
} from '../../../gateway/operation/override-labels.ts';
import { buildPlanner } from '../../../planning/planner.ts';
import { readConfig } from '../../../service/config.ts';
import { composeOrThrow } from '../../support/test-gateway.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@override"])\n';
const planner = buildPlanner(
  composeOrThrow([
    {
      name: 'old',
      url: 'http://old.example',
      sdl: `${LINK} type Query { bill: Bill } type Bill @key(fields: "id") { id: ID! a: Int b: Int c: Int plain: Int }`,
    },
    {
      name: 'new',
      url: 'http://new.example',
      sdl: `${LINK} type Bill @key(fields: "id") {
        id: ID!
        a: Int @override(from: "old", label: "percent(25)")
        b: Int @override(from: "old", label: "my-flag")
        c: Int @override(from: "old", label: "percent(12.5)")
      }`,
    },
  ]),
);

/** Decides by the header `x-user-id`, as the pipeline asks it. */
function decider(labels: OverrideOptions['labels'] = {}, random?: () => number) {
  const decide = createDecideLabels({ key: 'X-User-Id', labels }, random);
  const prepared = new Map<string, LabelRequest['prepared']>();
  return (query: string, user?: string) => {
    const document = parse(query);
    const known = prepared.get(query) ?? { text: query, hash: '', document, operations: [], fragments: new Map() };
    prepared.set(query, known);
    const supergraph = { planner } as unknown as LabelRequest['supergraph'];
    return decide({ supergraph, prepared: known, headers: { 'x-user-id': user } });
  };
}

const USERS = Array.from({ length: 10_000 }, (_, number) => `user-${number}`);

/** The users for whom a field moves. */
function moved(field: string, label: string, labels?: OverrideOptions['labels']): ReadonlySet<string> {
  const decide = decider(labels);
  return new Set(USERS.filter((user) => decide(`{ bill { ${field} } }`, user)?.get(label) === true));
}

describe('the decision on a label', () => {
  it('is on for about as many keys as the percentage says', () => {
    // The standard deviation of the largest is 50 of 10,000: six of them on either side.
    expect(Math.abs(moved('a', 'percent(25)').size - 2_500)).toBeLessThan(300);
    expect(Math.abs(moved('c', 'percent(12.5)').size - 1_250)).toBeLessThan(300);
    expect(Math.abs(moved('b', 'my-flag', { 'my-flag': 50 }).size - 5_000)).toBeLessThan(300);
  });

  it('is on for nobody at 0 and for all at 100', () => {
    for (const off of [0, false]) expect(moved('b', 'my-flag', { 'my-flag': off }).size).toBe(0);
    for (const on of [100, true]) expect(moved('b', 'my-flag', { 'my-flag': on }).size).toBe(10_000);
    expect(moved('b', 'my-flag').size).toBe(0);
  });

  it('takes a label from nobody when its percentage is raised', () => {
    const few = moved('b', 'my-flag', { 'my-flag': 10 });
    const more = moved('b', 'my-flag', { 'my-flag': 11.5 });
    expect(more.size).toBeGreaterThan(few.size);
    expect(few.isSubsetOf(more)).toBe(true);
  });

  it('is another for another label', () => {
    const both = moved('a', 'percent(25)').intersection(moved('b', 'my-flag', { 'my-flag': 25 }));
    expect(Math.abs(both.size - 625)).toBeLessThan(150);
  });

  it('is the same for ever: these are written down', () => {
    const decide = decider({ 'my-flag': 50 });
    const decisions = ['ada', 'eve', 'bob', '42', 'ünï'].map((user) => [
      user,
      ...(decide('{ bill { a b } }', user)?.values() ?? []),
    ]);
    expect(decisions).toEqual(WRITTEN);
  });

  it('goes by chance where the request has no key', () => {
    const query = '{ bill { a } }';
    for (const user of [undefined, '']) {
      expect(decider({}, () => 0.2499)(query, user)?.get('percent(25)')).toBe(true);
      expect(decider({}, () => 0.25)(query, user)?.get('percent(25)')).toBe(false);
    }
  });

  it('is made for the labels alone on which the plan can depend, in one order', () => {
    const decide = decider();
    expect(decide('{ bill { id plain } }', 'ada')).toBeUndefined();
    expect([...(decide('{ bill { c b a } }', 'ada')?.keys() ?? [])]).toEqual([
      'my-flag',
      'percent(12.5)',
      'percent(25)',
    ]);
  });
});

/** Computed apart from the code: the first 48 bits of SHA-256 of label, line break and key. */
const WRITTEN = [
  ['ada', true, true],
  ['eve', false, false],
  ['bob', false, false],
  ['42', true, false],
  ['ünï', true, false],
];

describe('the configuration of labels', () => {
  const read = (text: string, key = 'x-user-id') =>
    readConfig({
      schema: gatewayConfig,
      prefix: 'GATEWAY',
      environment: { GATEWAY_OVERRIDE_LABELS: text, GATEWAY_OVERRIDE_KEY: key },
    }).override;

  it('is on, off or a percentage for each', () => {
    expect(read('{a: true, b: false, c/d: 12.5}')).toEqual({
      key: 'x-user-id',
      labels: { a: true, b: false, 'c/d': 12.5 },
    });
  });

  it('refuses anything else, with its place', () => {
    for (const wrong of ['101', '-1', 'maybe', '[1]'])
      expect(() => read(`{my-flag: ${wrong}}`)).toThrow(
        /override\.labels\.my-flag.*: must be true, false, or a percentage from 0 to 100/,
      );
    expect(() => read('{percent(25): true}')).toThrow(/percent\(25\).*is no label to be decided here/);
    expect(() => read('{}', 'x user')).toThrow(/override\.key.*the name of a header/);
  });

  it('is compared with the labels of the supergraph', () => {
    expect(checkLabels(planner.overrideLabels, { labels: { 'my-flag': 1 } })).toEqual([]);
    expect(checkLabels(planner.overrideLabels, { labels: { typo: true } })).toEqual([
      'override.labels has "typo", which is no label of an @override in this supergraph',
      'the label "my-flag" of an @override is not in override.labels: it is off',
    ]);
  });
});
