import { describe, expect, it } from '@jest/globals';
import {
  buildSchema,
  findBreakingChanges,
  type GraphQLSchema,
  lexicographicSortSchema,
  printSchema,
  validate,
} from 'graphql';
import { summarizeChanges } from '../../../registry/schema/change-summary.ts';
import { diffApiSchemas } from '../../../registry/schema/changes.ts';
import { createRandom } from '../../differential/random.ts';
import { CASES } from './change-cases.ts';
import { randomOperation } from './random-operation.ts';
import { mutate, printModel, randomModel } from './random-schema.ts';

const show = (before: string, after: string) =>
  diffApiSchemas(buildSchema(before), buildSchema(after)).map(
    ({ code, coordinate, isBreaking }) => `${isBreaking ? '!' : ' '}${code} ${coordinate}`,
  );
const toText = (schema: GraphQLSchema) => printSchema(lexicographicSortSchema(schema));

describe('the changes between two API schemas', () => {
  it.each(CASES)('are told: $name', ({ before, after, changes, description }) => {
    expect(show(before, after)).toEqual(changes);
    if (description === undefined) return;
    const told = diffApiSchemas(buildSchema(before), buildSchema(after)).map((change) => change.description);
    expect(told).toEqual([description]);
  });

  it('are none where there was no schema', () => {
    expect(diffApiSchemas(undefined, buildSchema('type Query { a: Int }'))).toEqual([]);
  });

  it('are none between schemas that differ in order only', () => {
    const before =
      'type Query { a(x: Int, y: Int): E b: U } enum E { P Q } union U = A | B type A { x: Int } type B { x: Int }';
    const after =
      'union U = B | A type B { x: Int } type A { x: Int } enum E { Q P } type Query { b: U a(y: Int, x: Int): E }';
    expect(show(before, after)).toEqual([]);
  });

  it('are none exactly when both print alike, and let every operation stay valid when none breaks', () => {
    const counts = { alike: 0, different: 0, harmless: 0, operations: 0 };
    for (let seed = 1; seed <= 400; seed++) {
      const random = createRandom(seed);
      const model = randomModel(random);
      const before = buildSchema(printModel(model, random));
      const mutated = mutate(model, random, random.below(4));
      const after = buildSchema(printModel(mutated, random));
      const changes = diffApiSchemas(before, after);
      const isAlike = toText(before) === toText(after);
      expect({ seed, isEmpty: changes.length === 0 }).toEqual({ seed, isEmpty: isAlike });
      counts[isAlike ? 'alike' : 'different']++;

      const breaking = findBreakingChanges(before, after);
      if (breaking.length > 0)
        expect({ seed, told: changes.some(({ isBreaking }) => isBreaking) }).toEqual({ seed, told: true });

      if (isAlike || changes.some(({ isBreaking }) => isBreaking)) continue;
      counts.harmless++;
      for (let number = 0; number < 5; number++) {
        const operation = randomOperation(before, random);
        expect({ seed, errors: validate(before, operation) }).toEqual({ seed, errors: [] });
        expect({ seed, errors: validate(after, operation) }).toEqual({ seed, errors: [] });
        counts.operations++;
      }
    }
    // Else the generator makes nothing that is worth asking.
    expect(counts.alike).toBeGreaterThan(40);
    expect(counts.different).toBeGreaterThan(200);
    expect(counts.harmless).toBeGreaterThan(40);
  });
});

describe('the summary of changes', () => {
  it('counts types and fields, and what changed in several ways once', () => {
    const before = `type Query { a(x: Int): Int b: Int c: Int } enum E { P } type Gone { a: Int } input I { a: Int b: Int }
      directive @d(x: Int) on FIELD`;
    const after = `type Query { a(x: Int!, y: Int): Float c: Int d: Int } enum E { P Q R } type New { a: Int } input I { a: Int c: Int! }
      directive @d(x: Int!) on FIELD`;
    expect(summarizeChanges(diffApiSchemas(buildSchema(before), buildSchema(after)))).toEqual({
      type: { additions: 1, removals: 1, edits: 1 },
      field: { additions: 2, removals: 2, edits: 1 },
    });
  });
});
