import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAuthorizer } from '../../../../gateway/guard/authorize.ts';
import { noPolicies } from '../../../../gateway/guard/policies.ts';
import { type Prepared, selectOperation } from '../../../../gateway/operation/prepare.ts';
import type { Supergraph } from '../../../../gateway/supergraph/supergraph.ts';
import type { Identity } from '../../../../service/identity.ts';
import { startTestOperations, type TestOperations } from '../../operation/test-operations.ts';

/** What a decision costs: one for all who are alike, none where nothing is guarded, and plans by it. */

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@authenticated", "@requiresScopes"])';
const FIELDS = Array.from({ length: 10 }, (_, index) => `s${index}`);
const SDL = `${LINK} type Query {
  open: Int
  mine: Int @authenticated
  ${FIELDS.map((name) => `${name}: Int @requiresScopes(scopes: [["${name}"]])`).join(' ')}
}`;

function identityOf(subject: string, scopes: readonly string[]): Identity {
  const known = { kind: 'token', issuer: 'i', subject, roles: new Set<string>(), expiresAt: undefined } as const;
  return { ...known, scopes: new Set(scopes), claims: {} };
}

describe('decisions on an operation', () => {
  let operations: TestOperations;
  let supergraph: Supergraph;
  const { authorize, decideAgain } = createAuthorizer({
    unauthorized: 'null',
    introspection: 'all',
    findPolicies: noPolicies,
  });
  beforeAll(async () => {
    operations = startTestOperations();
    supergraph = await operations.build(SDL);
  });
  afterAll(() => operations.close());

  const prepare = async (text: string, graph = supergraph) =>
    operations.prepare({ supergraph: graph, text, client: 'one' });
  const decide = (prepared: Prepared, identity?: Identity) =>
    authorize({
      supergraph,
      prepared,
      operation: selectOperation(prepared, undefined),
      coercedVariables: {},
      identity,
      headers: {},
    });

  it('are none where nothing is guarded', async () => {
    expect(decide(await prepare('{ open __typename }'), identityOf('ada', []))).toBeUndefined();
  });

  it('are the same for all by whom the same rules are met, however many tokens there are', async () => {
    const prepared = await prepare('{ open mine s1 }');
    const decisions = ['ada', 'bob'].map((name) => decide(prepared, identityOf(name, ['s1', `of ${name}`])));
    expect(decisions[0]).toBe(decisions[1]);
    expect(decide(prepared)).not.toBe(decisions[0]);
    expect(decide(prepared)).toBe(decide(prepared));
  });

  it('are kept within a bound, however many come', async () => {
    const prepared = await prepare(`{ ${FIELDS.join(' ')} }`);
    const none = decide(prepared, identityOf('ada', []));
    expect(decide(prepared, identityOf('ada', []))).toBe(none);
    for (let number = 1; number <= 200; number++) {
      const scopes = FIELDS.filter((_, index) => (number >> index) % 2 === 1);
      expect(decide(prepared, identityOf('ada', scopes))).toMatchObject({
        refused: expect.objectContaining({ size: FIELDS.length - scopes.length }) as unknown,
      });
    }
    expect(decide(prepared, identityOf('ada', []))).not.toBe(none);
    expect(decide(prepared, identityOf('ada', []))).toEqual(none);
  });

  it('have a plan each, which asks for what is left', async () => {
    const text = '{ open mine s2 }';
    const prepared = await prepare(text);
    const planFor = (identity?: Identity) => {
      const decision = decide(prepared, identity);
      if (decision instanceof Promise) throw new Error('nothing here takes time');
      return operations.ready(supergraph, text, { decision });
    };
    const textOf = async (identity?: Identity) => JSON.stringify((await planFor(identity)).plan);
    expect(await textOf()).not.toMatch(/mine|s2/);
    expect(await textOf(identityOf('ada', ['s2']))).toMatch(/mine s2/);
    expect(await planFor(identityOf('ada', []))).toBe(await planFor(identityOf('bob', [])));
  });

  it('are made again on the next graph, and their plans are ready there', async () => {
    const text = '{ open mine s3 }';
    const prepared = await prepare(text);
    const decision = decide(prepared, identityOf('ada', []));
    if (decision instanceof Promise) throw new Error('nothing here takes time');
    await operations.ready(supergraph, text, { decision });
    const next = await operations.build(SDL.replace('open: Int', 'open: Int more: Int @authenticated'));
    await operations.warmUp(next, supergraph, new AbortController().signal);
    const again = await prepare(text, next);
    const asked = { supergraph: next, prepared: again, operation: selectOperation(again, undefined) };
    // Those of the warm-up are its own authorizer's; the same decision is made by ours.
    expect(decideAgain(asked, decision)).toMatchObject({ key: decision?.key });
    const plans = [...operations.memoOf(next).plans.values()].filter(({ prepared: { text: known } }) => known === text);
    expect(plans.map(({ decision: made }) => made?.key)).toEqual([decision?.key]);
  });
});
