import { describe, expect, it } from '@jest/globals';
import { buildSchema, type GraphQLSchema, parse, print, validate } from 'graphql';
import { coordinatesIn } from '../../../registry/check/hit.ts';
import { judgeChanges } from '../../../registry/check/judge-changes.ts';
import { diffApiSchemas } from '../../../registry/schema/changes.ts';
import { createTraces } from '../../../registry/schema/traces.ts';
import type { OverrideRow } from '../../../registry/storage/overrides.ts';
import type { UsedOperation, WindowUsage } from '../../../registry/storage/usage-window.ts';
import { createRandom } from '../../differential/random.ts';
import { randomOperation } from '../schema/random-operation.ts';
import { mutate, printModel, randomModel } from '../schema/random-schema.ts';
import { describeText } from '../support/describe-text.ts';
import { CASES } from './judge-cases.ts';

function trace(before: GraphQLSchema, after: GraphQLSchema) {
  const traces = createTraces(before, after);
  return diffApiSchemas(before, after).map((change) => ({
    change,
    traces: change.isBreaking ? traces(change) : undefined,
  }));
}

function operation(schema: GraphQLSchema, text: string, more: Partial<UsedOperation> = {}): UsedOperation {
  expect({ text, errors: validate(schema, parse(text)) }).toEqual({ text, errors: [] });
  return {
    ...{ hash: text, name: null, count: 1, clients: [], isPopular: false, body: null },
    coordinates: [...describeText(schema, text).coordinates],
    ...more,
  };
}

const usage = (wanted: readonly UsedOperation[], isKnown = true): WindowUsage => ({
  ...{ isKnown, operations: wanted.length, requests: wanted.length, wanted },
  leftOut: { operations: 0, coordinates: [] },
});

describe('who is hit by a change', () => {
  it.each(CASES)('$name', ({ before: former, after: own, hit, spared }) => {
    const [before, after] = [buildSchema(former), buildSchema(own)];
    const changes = trace(before, after);
    for (const text of [...hit, ...spared]) {
      const judged = judgeChanges(changes, usage([operation(before, text)]), []);
      const isHit = judged.changes.some(({ severity }) => severity === 'FAILURE');
      expect({ text, isHit, told: judged.hit.size }).toEqual({
        text,
        isHit: hit.includes(text),
        told: hit.includes(text) ? 1 : 0,
      });
      // The database finds it by what it is asked for.
      const asked = coordinatesIn(changes.flatMap(({ traces }) => traces ?? []));
      const isFound = operation(before, text).coordinates.some((each) => asked.includes(each));
      if (isHit) expect({ text, isFound }).toEqual({ text, isFound: true });
    }
  });

  it('is everybody whose operation is no longer valid', () => {
    let invalid = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const random = createRandom(seed);
      const model = randomModel(random);
      const before = buildSchema(printModel(model, random));
      const after = buildSchema(printModel(mutate(model, random, 1 + random.below(3)), random));
      const changes = trace(before, after);
      for (let number = 0; number < 5; number++) {
        const text = print(randomOperation(before, random));
        if (validate(after, parse(text)).length === 0) continue;
        invalid++;
        const { hit } = judgeChanges(changes, usage([operation(before, text)]), []);
        expect({ seed, text, isHit: hit.size === 1 }).toEqual({ seed, text, isHit: true });
      }
    }
    expect(invalid).toBeGreaterThan(100);
  });
});

describe('the judgement of changes', () => {
  const before = buildSchema('type Query { a: Int b: Int c: Int }');
  const after = buildSchema('type Query { c: Int d: Int }');
  const changes = trace(before, after);
  const client = (name: string, version: string, count: number) => ({ name, version, count });
  const override: OverrideRow = {
    ...{ graphId: 'shop', variant: 'current', code: 'FIELD_REMOVED', coordinate: 'Query.a' },
    ...{ reason: 'nobody minds', actor: 'ada', createdAt: new Date(0) },
  };

  it('fails what is used, names an operation and its client, and puts it first', () => {
    const used = [
      operation(before, 'query Bees { b }', {
        hash: 'f'.repeat(64),
        name: 'Bees',
        count: 12,
        clients: [client('web', '1.2', 10), client('app', '', 2)],
      }),
      operation(before, '{ b c }', { hash: 'e'.repeat(64), clients: [client('', '', 1)] }),
    ];
    expect(judgeChanges(changes, usage(used), []).changes).toEqual([
      {
        ...{ severity: 'FAILURE', code: 'FIELD_REMOVED', coordinate: 'Query.b' },
        description:
          'type `Query`: field `b` removed; used by operation `Bees` of client `web` 1.2 and others (12 requests) and by 1 other operation',
      },
      {
        ...{ severity: 'NOTICE', code: 'FIELD_REMOVED', coordinate: 'Query.a' },
        description: 'type `Query`: field `a` removed; used by no operation',
      },
      { severity: 'NOTICE', code: 'FIELD_ADDED', coordinate: 'Query.d', description: 'type `Query`: field `d` added' },
    ]);
  });

  it('does not call unused what is used too seldom to count', () => {
    const [change] = judgeChanges(changes, { ...usage([]), isKnown: true, hasThreshold: true }, []).changes;
    expect(change?.description).toContain('used by no operation as often as the threshold says');
  });

  it('names an operation without a name by its hash, and says of a client without one that it has none', () => {
    const used = [operation(before, '{ a }', { hash: 'abcdef0123456789', clients: [client('', '', 1)] })];
    expect(judgeChanges(changes, usage(used), []).changes[0]?.description).toBe(
      'type `Query`: field `a` removed; used by an operation without a name (abcdef012345) of a client without a name (1 request)',
    );
  });

  it('fails every breaking change while nothing was ever reported', () => {
    expect(judgeChanges(changes, usage([], false), []).changes.map(({ severity }) => severity)).toEqual([
      'FAILURE',
      'FAILURE',
      'NOTICE',
    ]);
    expect(judgeChanges(changes, usage([], false), []).changes[0]?.description).toContain('no usage was reported');
  });

  it('fails what operations use that were too many to be looked at, and says so', () => {
    const leftOut = { operations: 700, coordinates: ['Query.b'] };
    const judge = (wanted: readonly UsedOperation[]) =>
      judgeChanges(changes, { ...usage(wanted), leftOut }, []).changes.map(
        ({ severity, coordinate, description }) => `${severity} ${coordinate} ${description.split('; ').slice(1)}`,
      );
    const more = 'more operations are hit than a check looks at: 700 are left out';
    expect(judge([])).toEqual([
      `FAILURE Query.b not known to be unused, so it counts,${more}`,
      'NOTICE Query.a used by no operation',
      'NOTICE Query.d ',
    ]);
    expect(judge([operation(before, 'query Bees { b }', { name: 'Bees' })])[0]).toBe(
      `FAILURE Query.b used by operation \`Bees\` (1 request) at least,${more}`,
    );
  });

  it('lets through what somebody has let through, and no more', () => {
    const used = [operation(before, '{ a b }')];
    const judged = judgeChanges(changes, usage(used), [override]);
    expect(judged.changes.map(({ severity, coordinate }) => `${severity} ${coordinate}`)).toEqual([
      'FAILURE Query.b',
      'NOTICE Query.a',
      'NOTICE Query.d',
    ]);
    expect(judged.changes[1]?.description).toContain('let through by ada: nobody minds');
    expect(judged.hit).toEqual(new Set(['{ a b }']));
  });
});
