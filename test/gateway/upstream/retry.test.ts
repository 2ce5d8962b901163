import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Call } from '../../../gateway/upstream/request-text.ts';
import type { Reply } from '../../../gateway/upstream/response-reader.ts';
import { type RetryOptions, retry } from '../../../gateway/upstream/retry.ts';
import { UpstreamError, type UpstreamFault } from '../../../gateway/upstream/upstream-error.ts';
import { upstreamDefaults } from '../../support/upstream-options.ts';

const QUERY: Call = { method: 'POST', headers: {}, body: '{}', isShareable: true };
const MUTATION: Call = { ...QUERY, isShareable: false };
const answer = (status = 200, headers: Reply['headers'] = {}): Reply => ({ status, headers, body: Buffer.from('') });
const failure = (fault: UpstreamFault, wasSent = true) => new UpstreamError(fault, fault, { wasSent });

describe('what is sent again', () => {
  /** What comes of each try, in order; the last one of all further. */
  let outcomes: (Reply | UpstreamError)[];
  let tries: Call[];

  beforeEach(() => {
    outcomes = [];
    tries = [];
  });

  const open = (more: Partial<RetryOptions> = {}) =>
    retry(
      async (call) => {
        tries.push(call);
        const outcome = outcomes.length > 1 ? outcomes.shift() : outcomes[0];
        if (outcome instanceof Error) throw outcome;
        return outcome ?? answer();
      },
      { ...upstreamDefaults().retry, delayMs: 1, hasOthers: () => true, ...more },
    );
  const resultOf = (sent: Promise<Reply>) =>
    sent.then(
      ({ status }) => status,
      ({ fault }: UpstreamError) => fault,
    );

  it.each<[string, Call, Reply | UpstreamError, number]>([
    ['a query whose connection broke', QUERY, failure('unreachable'), 2],
    ['a query that took too long at one address', QUERY, failure('timeout'), 2],
    ['a query for which a server has no time', QUERY, answer(503), 2],
    ['a query whose server is away behind a proxy', QUERY, answer(502), 2],
    ['a query that a server failed at', QUERY, answer(500), 1],
    ['a query whose answer is too large', QUERY, failure('too large'), 1],
    ['a query whose client has gone', QUERY, failure('cancelled'), 1],
    ['a query that nobody is asked for now', QUERY, failure('circuit open', false), 1],
    ['a call that is one too many', QUERY, failure('overloaded', false), 1],
    ['a call that cannot be written', QUERY, failure('unsendable', false), 1],
    ['a mutation that may have arrived', MUTATION, failure('unreachable'), 1],
    ['a mutation that took too long', MUTATION, failure('timeout'), 1],
    ['a mutation for which a server has no time', MUTATION, answer(503), 1],
    ['a mutation that never arrived', MUTATION, failure('unreachable', false), 2],
    ['a GET that may arrive twice', { ...MUTATION, isIdempotent: true }, failure('unreachable'), 2],
  ])('%s', async (_, call, outcome, count) => {
    outcomes = [outcome, answer(200)];
    const first = outcome instanceof Error ? outcome.fault : outcome.status;
    expect(await resultOf(open()(call))).toBe(count === 2 ? 200 : first);
    expect(tries).toHaveLength(count);
  });

  it('is no more than so often, and what came last is the result', async () => {
    outcomes = [answer(503), failure('unreachable'), answer(504)];
    expect(await resultOf(open({ retries: 2 })(QUERY))).toBe(504);
    expect(tries).toHaveLength(3);
  });

  it('notes in one place where it was', async () => {
    outcomes = [answer(503), answer()];
    await open()(QUERY);
    expect(tries[1]?.tried).toBe(tries[0]?.tried);
  });

  it('is within the budget of all calls', async () => {
    outcomes = [answer(503)];
    const send = open({ budget: 0.2, retries: 2 });
    for (let count = 0; count < 500; count++) await send(QUERY);
    // And what there is at first.
    expect(tries.length).toBeLessThanOrEqual(500 * 1.2 + 10);
    expect(tries.length).toBeGreaterThan(500 * 1.15);
  });

  it('is not begun when its time would be up', async () => {
    outcomes = [answer(503)];
    const send = open({ delayMs: 1_000, maxDelayMs: 1_000, random: () => 1 });
    expect(await resultOf(send({ ...QUERY, deadline: performance.now() + 900 }))).toBe(503);
    expect(tries).toHaveLength(1);
  });

  it('waits as long as the only server says, if there is time for that', async () => {
    outcomes = [answer(503, { 'retry-after': '60' }), answer()];
    const send = open({ hasOthers: () => false });
    expect(await resultOf(send({ ...QUERY, deadline: performance.now() + 10_000 }))).toBe(503);
    outcomes = [answer(503, { 'retry-after': new Date(Date.now() - 5_000).toUTCString() }), answer()];
    expect(await resultOf(send({ ...QUERY, deadline: performance.now() + 10_000 }))).toBe(200);
  });

  it('goes to another server whatever the first one says of itself', async () => {
    outcomes = [answer(503, { 'retry-after': '60' }), answer()];
    expect(await resultOf(open()({ ...QUERY, deadline: performance.now() + 10_000 }))).toBe(200);
  });

  it('gives the first address a part of the time, if the budget has another try, and others all that is left', async () => {
    outcomes = [failure('timeout'), failure('timeout'), answer()];
    const deadline = 100_000;
    await open({ tryTimeoutMs: 50, retries: 2, now: () => 1_000 })({ ...QUERY, deadline });
    expect(tries.map((call) => call.deadline)).toEqual([1_050, deadline, deadline]);
    tries = [];
    outcomes = [answer()];
    await open({ tryTimeoutMs: 50, budget: 0, now: () => 1_000 })({ ...QUERY, deadline });
    expect(tries.map((call) => call.deadline)).toEqual([deadline]);
    tries = [];
    await open({ tryTimeoutMs: 50, now: () => 1_000 })({ ...MUTATION, deadline });
    expect(tries.map((call) => call.deadline)).toEqual([deadline]);
  });
});
