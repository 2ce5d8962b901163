import { describe, expect, it } from '@jest/globals';
import { type AccessRule, implies } from '../../planning/access-rules.ts';
import { buildPlanner } from '../../planning/planner.ts';
import { createPlanner } from '../../planning/threaded-planner.ts';
import { PLANNING } from '../support/planning-options.ts';
import { composeOrThrow } from '../support/test-gateway.ts';

const LINK = (names: string) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: [${names}])`;
const ALL = LINK('"@authenticated", "@requiresScopes", "@policy"');
const supergraphOf = (sdl: string) => composeOrThrow([{ name: 'one', url: 'http://one', sdl }]);
const rulesOf = (sdl: string) => Object.fromEntries(buildPlanner(supergraphOf(sdl)).accessRules);

const AUTHENTICATED: AccessRule = { directive: 'authenticated', anyOf: [[]] };
const scopes = (...anyOf: string[][]): AccessRule => ({ directive: 'requiresScopes', anyOf });
const policies = (...anyOf: string[][]): AccessRule => ({ directive: 'policy', anyOf });

describe('the rules of a supergraph', () => {
  it('are those of all places where a directive can stand', () => {
    const sdl = `${ALL}
      type Query @authenticated { a: Level @requiresScopes(scopes: [["b", "a"], ["c"]]) b: Pin }
      enum Level @policy(policies: [["p"]]) { LOW }
      scalar Pin @authenticated @policy(policies: [["q", "r"]])`;
    expect(rulesOf(sdl)).toEqual({
      Query: [AUTHENTICATED],
      'Query.a': [scopes(['b', 'a'], ['c'])],
      Level: [policies(['p'])],
      Pin: [AUTHENTICATED, policies(['q', 'r'])],
    });
  });

  it('are found whatever the directives are called there', () => {
    const renamed = LINK('{ name: "@authenticated", as: "@loggedIn" }, { name: "@requiresScopes", as: "@scoped" }');
    const sdl = `${renamed} type Query { a: Int @loggedIn b: Int @scoped(scopes: [["s"]]) c: Int @federation__policy(policies: [["p"]]) }`;
    expect(rulesOf(sdl)).toEqual({
      'Query.a': [AUTHENTICATED],
      'Query.b': [scopes(['s'])],
      'Query.c': [policies(['p'])],
    });
  });

  it('are found where a ready supergraph extends a type', () => {
    const composed = supergraphOf(`${ALL} type Query { a: Int b: Int @authenticated }`);
    const extended = `${composed} extend type Query @requiresScopes(scopes: [["s"]])`;
    const linked = extended.replace(
      '@link(url: "https://specs.apollo.dev/authenticated',
      '@link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY)\n  $&',
    );
    const defined = `${linked} scalar requiresScopes__Scope directive @requiresScopes(scopes: [[requiresScopes__Scope!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM`;
    expect(Object.fromEntries(buildPlanner(defined).accessRules)).toEqual({
      Query: [scopes(['s'])],
      'Query.b': [AUTHENTICATED],
    });
  });

  it('are none where nothing is demanded', () => {
    const sdl = `${ALL} type Query { a: Int @requiresScopes(scopes: []) b: Int @policy(policies: [["p"], []]) }`;
    expect(rulesOf(sdl)).toEqual({});
    expect(rulesOf('type Query { a: Int }')).toEqual({});
  });

  it('are inherited by interfaces, each once', () => {
    const sdl = `${ALL}
      type Query { a: Node }
      interface Node { id: ID! name: String }
      type A implements Node @authenticated { id: ID! name: String @requiresScopes(scopes: [["a"]]) }
      type B implements Node @authenticated @policy(policies: [["p"]]) { id: ID! name: String @requiresScopes(scopes: [["a"], ["b"]]) }`;
    expect(rulesOf(sdl)).toEqual({
      A: [AUTHENTICATED],
      'A.name': [scopes(['a'])],
      B: [AUTHENTICATED, policies(['p'])],
      'B.name': [scopes(['a'], ['b'])],
      Node: [AUTHENTICATED, policies(['p'])],
      'Node.name': [scopes(['a'])],
    });
  });

  it('cross from the threads that plan', async () => {
    const planner = await createPlanner(supergraphOf(`${ALL} type Query { a: Int @authenticated }`), PLANNING);
    expect(planner.accessRules).toEqual(new Map([['Query.a', [AUTHENTICATED]]]));
    expect(planner.unguarded).toEqual([]);
    await planner.close();
  });
});

describe('one rule', () => {
  it.each<[boolean, readonly AccessRule[], AccessRule]>([
    [true, [AUTHENTICATED], AUTHENTICATED],
    [false, [], AUTHENTICATED],
    [false, [scopes(['a'])], AUTHENTICATED],
    [true, [scopes(['a', 'b'])], scopes(['b'])],
    [false, [scopes(['a'], ['b'])], scopes(['b'])],
    [true, [scopes(['a', 'c'], ['b'])], scopes(['b'], ['a'])],
    [true, [scopes(['a']), scopes(['b'])], scopes(['a', 'b'])],
    [true, [scopes(['a'], ['b']), scopes(['c'])], scopes(['b', 'c'], ['a', 'c'])],
    [false, [policies(['a'])], scopes(['a'])],
  ])('is implied by others: %s', (expected, rules, rule) => {
    expect(implies(rules, rule)).toBe(expected);
  });
});
