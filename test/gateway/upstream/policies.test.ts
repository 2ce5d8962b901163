import { beforeEach, describe, expect, it } from '@jest/globals';
import { createLatency } from '../../../gateway/upstream/latency.ts';
import { limit } from '../../../gateway/upstream/limit.ts';
import { createReplica, sendTo } from '../../../gateway/upstream/replica.ts';
import type { Reply } from '../../../gateway/upstream/response-reader.ts';
import { createRetryBudget } from '../../../gateway/upstream/retry-budget.ts';
import { createStanding } from '../../../gateway/upstream/standing.ts';
import { UpstreamError, type UpstreamFault } from '../../../gateway/upstream/upstream-error.ts';
import { upstreamDefaults } from '../../support/upstream-options.ts';

const CALL = { method: 'POST', headers: {}, body: '{}' } as const;
const answer = (status = 200): Reply => ({ status, headers: {}, body: Buffer.from('') });
const fault = (kind: UpstreamFault = 'unreachable') => new UpstreamError(kind, kind, { wasSent: true });

let time: number;
const now = () => time;
beforeEach(() => {
  time = 1_000;
});

describe('a breaker', () => {
  /** What comes of the next call. */
  let next: () => Promise<Reply>;
  let sent: number;
  const open = () =>
    createReplica({
      ...{ name: 'orders', url: 'http://orders/', ejection: { ...upstreamDefaults().ejection, now } },
      breaker: { failures: 3, openMs: 100, maxOpenMs: 300, now },
      send: () => {
        sent++;
        return next();
      },
    });
  const fail = async () => Promise.reject(fault());
  const succeed = async () => answer();

  beforeEach(() => {
    sent = 0;
    next = fail;
  });

  async function callOften(one: ReturnType<typeof open>, times: number): Promise<string[]> {
    const said: string[] = [];
    for (let count = 0; count < times; count++)
      said.push(
        await sendTo(one, CALL, now).then(
          ({ status }) => String(status),
          (error: UpstreamError) => error.fault,
        ),
      );
    return said;
  }

  it('opens after so many failures in a row, and says so at once', async () => {
    const one = open();
    expect(await callOften(one, 5)).toEqual([...Array(3).fill('unreachable'), 'circuit open', 'circuit open']);
    expect(sent).toBe(3);
    expect(one.breaker.state()).toBe('open');
  });

  it('takes answers of servers that cannot do it now for failures, and is closed by one that can', async () => {
    const one = open();
    next = async () => answer(503);
    await callOften(one, 2);
    next = async () => answer(500);
    await callOften(one, 1);
    next = async () => answer(504);
    expect(await callOften(one, 4)).toEqual(['504', '504', '504', 'circuit open']);
  });

  it('lets one call through when its time is up, which closes it', async () => {
    const one = open();
    await callOften(one, 3);
    time += 100;
    expect(one.breaker.state()).toBe('half-open');
    const gate = Promise.withResolvers<Reply>();
    next = () => gate.promise;
    const probe = sendTo(one, CALL, now);
    expect(await callOften(one, 2)).toEqual(['circuit open', 'circuit open']);
    gate.resolve(answer());
    await probe;
    next = succeed;
    expect(one.breaker.state()).toBe('closed');
    expect(await callOften(one, 2)).toEqual(['200', '200']);
  });

  it('stays open for twice as long each time that this call fails, up to the longest', async () => {
    const one = open();
    await callOften(one, 3);
    const pauses: number[] = [];
    for (let probe = 0; probe < 4; probe++) {
      const opened = time;
      while (one.breaker.isRefusing()) time += 10;
      pauses.push(time - opened);
      await callOften(one, 1);
    }
    expect(pauses).toEqual([100, 200, 300, 300]);
  });

  it('is told nothing by who would not wait', async () => {
    const one = open();
    next = () => Promise.reject(new UpstreamError('timeout', 'timeout', { wasSent: true, wasCutShort: true }));
    expect(new Set(await callOften(one, 10))).toEqual(new Set(['timeout']));
  });

  it('lets another call decide when the first one takes for ever', async () => {
    const one = open();
    await callOften(one, 3);
    time += 100;
    next = () => new Promise(() => {});
    void sendTo(one, CALL, now);
    next = succeed;
    expect(await callOften(one, 1)).toEqual(['circuit open']);
    time += 100;
    expect(await callOften(one, 2)).toEqual(['200', '200']);
  });

  it('is told nothing by who leaves, not even as the call that decides', async () => {
    const one = open();
    await callOften(one, 3);
    time += 100;
    next = () => Promise.reject(fault('cancelled'));
    expect(await callOften(one, 2)).toEqual(['cancelled', 'cancelled']);
    next = succeed;
    expect(await callOften(one, 1)).toEqual(['200']);
  });
});

describe('the standing of an address', () => {
  const open = () => createStanding({ ...upstreamDefaults().ejection, now });

  it('is lost by failures in a row, for longer each time, and comes back by degrees', () => {
    const one = open();
    const failOften = () => {
      for (let count = 0; count < 5; count++) one.note(true);
    };
    failOften();
    expect(one.weight()).toBe(0);
    time += 4_999;
    expect(one.weight()).toBe(0);
    time += 1;
    expect(one.weight()).toBeCloseTo(0.1);
    time += 2_500;
    expect(one.weight()).toBeCloseTo(0.5);
    time += 2_500;
    expect(one.weight()).toBe(1);
    failOften();
    time += 9_999;
    expect(one.weight()).toBe(0);
    time += 1;
    expect(one.weight()).toBeGreaterThan(0);
  });

  it('is lost by a share of failures, if there were enough calls', () => {
    const one = open();
    for (let count = 0; count < 19; count++) one.note(count % 2 === 0);
    expect(one.weight()).toBe(1);
    one.note(false);
    one.note(true);
    expect(one.weight()).toBe(0);
  });

  it('is not lost by failures that are long past', () => {
    const one = open();
    for (let count = 0; count < 40; count++) {
      one.note(count % 2 === 0);
      time += 3_000;
    }
    expect(one.weight()).toBe(1);
  });

  it('is taken and given back by checks of its health', () => {
    const one = open();
    one.setHealthy(false);
    expect(one.weight()).toBe(0);
    one.setHealthy(true);
    expect(one.weight()).toBeCloseTo(0.1);
    time += 5_000;
    expect(one.weight()).toBe(1);
  });
});

describe('the latency of an address', () => {
  it('follows what is slower sooner than what is faster, and forgets', () => {
    const one = createLatency(now);
    one.note(10);
    expect(one.expected()).toBeCloseTo(3);
    for (let count = 0; count < 20; count++) one.note(100);
    expect(one.expected()).toBeGreaterThan(95);
    one.note(1);
    expect(one.expected()).toBeGreaterThan(95);
    time += 3_000;
    expect(one.expected()).toBeGreaterThan(35);
    expect(one.expected()).toBeLessThan(40);
    time += 30_000;
    expect(one.expected()).toBeLessThan(1);
  });
});

describe('a limit', () => {
  it('refuses at once what is too many, and takes more when some have ended', async () => {
    const gates: ((reply: Reply) => void)[] = [];
    const send = limit(() => new Promise<Reply>((resolve) => gates.push(resolve)), { name: 'orders', most: () => 2 });
    const calls = [send(CALL), send(CALL)];
    await expect(send(CALL)).rejects.toMatchObject({ fault: 'overloaded', wasSent: false });
    gates[0]?.(answer());
    await calls[0];
    const third = send(CALL);
    for (const open of gates) open(answer());
    await Promise.all([...calls, third]);
    expect(gates).toHaveLength(3);
  });
});

describe('a retry budget', () => {
  it('gives a share of what was sent, and few without that', () => {
    const budget = createRetryBudget(0.2);
    const take = () => {
      let taken = 0;
      while (budget.withdraw()) taken++;
      return taken;
    };
    expect(take()).toBe(10);
    for (let count = 0; count < 101; count++) budget.deposit();
    expect(take()).toBe(20);
    for (let count = 0; count < 100_000; count++) budget.deposit();
    expect(take()).toBe(200);
  });

  it('gives nothing when it is 0', () => {
    const budget = createRetryBudget(0);
    for (let count = 0; count < 100; count++) budget.deposit();
    expect(budget.withdraw()).toBe(false);
  });
});
