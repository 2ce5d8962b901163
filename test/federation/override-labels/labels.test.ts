import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClosingStack } from '../../../service/run.ts';
import { startIssuer, trusting } from '../../support/issuer.ts';
import { createTestLog } from '../../support/log-lines.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import { type RunningSubgraph, startSubgraph } from '../support/subgraph.ts';
import { billing, monolith } from './subgraphs.ts';

/** Labels that the configuration decides, for all or by who asks. */

describe('labels of @override', () => {
  const stack = new ClosingStack();
  let running: readonly RunningSubgraph[];

  beforeAll(async () => {
    running = await Promise.all([monolith, billing].map(startSubgraph));
    for (const subgraph of running) stack.add('subgraph', subgraph);
  });
  afterAll(() => stack.close());

  const start = async (environment: Record<string, string>, log = createTestLog()) => {
    const gateway = stack.add(
      'gateway',
      await startTestGateway(
        running.map(({ schema }) => schema),
        environment,
        log.log,
      ),
    );
    return { gateway, lines: log.lines };
  };

  async function whoAnswers(gateway: TestGateway, field: string, headers: Record<string, string> = {}) {
    const { body } = await gateway.query(`{ bills { ${field} } }`, { headers });
    const [first, second] = (body.data?.bills ?? []) as readonly Record<string, string>[];
    expect({ errors: body.errors, second }).toEqual({ errors: undefined, second: first });
    return first?.[field];
  }

  it('are on or off for all by the configuration', async () => {
    const [{ gateway: on }, { gateway: percent }] = await Promise.all([
      start({ GATEWAY_OVERRIDE_LABELS: '{billing/flag: true, other-flag: false}' }),
      start({ GATEWAY_OVERRIDE_LABELS: '{billing/flag: 0, other-flag: 100}' }),
    ]);
    expect(await whoAnswers(on, 'flagged')).toBe('billing');
    expect(await whoAnswers(on, 'other')).toBe('monolith');
    expect(await whoAnswers(percent, 'flagged')).toBe('monolith');
    expect(await whoAnswers(percent, 'other')).toBe('billing');
    expect((await on.query('{ root }')).body).toEqual({ data: { root: 'billing' } });
    expect((await on.query('mutation { pay }')).body).toEqual({ data: { pay: 'billing' } });
    expect((await on.query('{ bills { ... on Named { name } } }')).body.data?.bills).toEqual([
      { name: 'billing' },
      { name: 'billing' },
    ]);
  });

  it('are decided by a header, for each of its values the same in every gateway', async () => {
    const environment = { GATEWAY_OVERRIDE_KEY: 'X-User-Id', GATEWAY_OVERRIDE_LABELS: '{billing/flag: 50}' };
    const [{ gateway: one }, { gateway: other }] = await Promise.all([start(environment), start(environment)]);
    const keys = Array.from({ length: 20 }, (_, number) => `user ${number}`);
    const decisionsOf = async (gateway: TestGateway, field: string) => {
      const decisions: unknown[] = [];
      for (const key of keys) decisions.push(await whoAnswers(gateway, field, { 'x-user-id': key }));
      return decisions;
    };
    for (const field of ['flagged', 'half']) {
      const decisions = await decisionsOf(one, field);
      expect(new Set(decisions)).toEqual(new Set(['monolith', 'billing']));
      expect(await decisionsOf(other, field)).toEqual(decisions);
      expect(await decisionsOf(one, field)).toEqual(decisions);
    }
    expect(await decisionsOf(one, 'flagged')).not.toEqual(await decisionsOf(one, 'half'));
  });

  it('are decided by chance without a key: each request for itself', async () => {
    const { gateway } = await start({});
    const seen = new Set<unknown>();
    // Neither comes out a hundred times in a row but once in 10^30.
    for (let tries = 0; tries < 100 && seen.size < 2; tries++) seen.add(await whoAnswers(gateway, 'half'));
    expect(seen.size).toBe(2);
  });

  it('are decided by the subject of a token, whichever token it is', async () => {
    const issuer = stack.add('issuer', await startIssuer());
    const { gateway } = await start({ GATEWAY_OVERRIDE_KEY: 'subject', ...trusting(issuer) });
    const decide = async (subject: string, expiresInS: number) => {
      const authorization = `Bearer ${await issuer.token({ subject, expiresInS })}`;
      return whoAnswers(gateway, 'half', { authorization });
    };
    const subjects = Array.from({ length: 20 }, (_, number) => `user-${number}`);
    const first: unknown[] = [];
    const again: unknown[] = [];
    for (const subject of subjects) first.push(await decide(subject, 300));
    for (const subject of subjects) again.push(await decide(subject, 900));
    expect(again).toEqual(first);
    expect(new Set(first).size).toBe(2);
  });

  it('that fit nothing are told when a supergraph is loaded', async () => {
    const { lines } = await start({ GATEWAY_OVERRIDE_LABELS: '{billing/flog: true, other-flag: true}' });
    expect(await lines.find(/billing\/flog/)).toContain('is no label of an @override in this supergraph');
    expect(await lines.find(/billing\/flag/)).toContain('is not in override.labels: it is off');
    expect(lines.all.join('\n')).not.toContain('other-flag');
  });

  it('cannot go by a subject that nobody verifies', async () => {
    await expect(start({ GATEWAY_OVERRIDE_KEY: 'subject' })).rejects.toThrow(
      /override\.key: needs authentication\.issuers/,
    );
  });
});
