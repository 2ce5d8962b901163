import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createUpstream, type Upstream, type UpstreamOptions } from '../../../gateway/upstream/upstream.ts';
import { ClosingStack } from '../../../service/run.ts';
import { createTestLog } from '../../support/log-lines.ts';
import { type RawServer, startRawServer } from '../../support/raw-server.ts';
import { until } from '../../support/until.ts';
import { upstreamOptions } from '../../support/upstream-options.ts';

const IPS = ['127.0.0.1', '127.0.0.2', '127.0.0.3'] as const;
const CALL = { method: 'POST', headers: {}, body: '', isShareable: true } as const;

describe('the addresses that a name has', () => {
  let stack: ClosingStack;
  /** What the name server says. */
  let answer: () => readonly string[];
  let lookups: string[];
  /** Calls are answered when it is open. */
  let gate: Promise<void> | undefined;
  let servers: RawServer[];
  let port: number;
  let hosts: Set<string | undefined>;

  beforeEach(async () => {
    stack = new ClosingStack();
    lookups = [];
    servers = [];
    hosts = new Set();
    gate = undefined;
    port = 0;
    for (const host of IPS) {
      const server = await startRawServer(
        async (request, response) => {
          hosts.add(request.headers.host);
          await gate;
          response.end(host);
        },
        5_000,
        { host, port },
      );
      port = Number(new URL(server.url).port);
      servers.push(stack.add(host, server));
    }
  });
  afterEach(() => stack.close());

  function open(more: Partial<UpstreamOptions> = {}) {
    const { log, lines } = createTestLog();
    const lookup = async (hostname: string) => {
      lookups.push(hostname);
      return answer();
    };
    const defaults = upstreamOptions({ urls: [`http://orders.test:${port}/graphql`], resolveIntervalMs: 5 });
    const options: UpstreamOptions = {
      ...defaults,
      balance: { ...defaults.balance, policy: 'round-robin' },
      // Newcomers stay what they are.
      ejection: { ...defaults.ejection, returnMs: 1_000_000_000 },
      ...more,
    };
    return { lines, upstream: stack.add('upstream', createUpstream('orders', options, { log, lookup })) };
  }

  const ipsOf = (upstream: Upstream) => upstream.look().map(({ ip }) => ip);
  const have = (upstream: Upstream, ips: readonly string[]) => until(() => ipsOf(upstream).join() === ips.join());
  const resolved = (times = 3) => {
    const before = lookups.length;
    return until(() => lookups.length >= before + times);
  };
  const ask = async (upstream: Upstream) => (await upstream.send(CALL)).body.toString();
  async function askOften(upstream: Upstream): Promise<string[]> {
    const answers = new Set<string>();
    for (let count = 0; count < 12; count++) answers.add(await ask(upstream));
    return [...answers].sort();
  }

  it('are called each by itself, under the name', async () => {
    answer = () => [IPS[1], IPS[0], IPS[1]];
    const { upstream } = open();
    await have(upstream, IPS.slice(0, 2));
    expect(await askOften(upstream)).toEqual(IPS.slice(0, 2));
    expect(hosts).toEqual(new Set([`orders.test:${port}`]));
    expect(new Set(lookups)).toEqual(new Set(['orders.test']));
  });

  it('keep their state when they stay, and what is under way at one that is gone ends', async () => {
    answer = () => [IPS[0], IPS[1]];
    const { upstream, lines } = open();
    await have(upstream, IPS.slice(0, 2));
    const gone = Promise.withResolvers<void>();
    gate = gone.promise;
    const calls = [ask(upstream), ask(upstream)];
    await until(() => hosts.size > 0 && upstream.look().every(({ inFlight }) => inFlight === 1));

    answer = () => [IPS[2], IPS[0]];
    await have(upstream, [IPS[0], IPS[2]]);
    const [stayed, joined] = upstream.look();
    expect(stayed).toMatchObject({ inFlight: 1 });
    expect(joined).toMatchObject({ inFlight: 0 });
    expect([stayed?.weight, joined?.weight]).toEqual([1, expect.closeTo(0.1)]);
    gone.resolve();
    expect((await Promise.all(calls)).sort()).toEqual([IPS[0], IPS[1]]);
    expect(await askOften(upstream)).toEqual([IPS[0], IPS[2]]);
    await until(() => servers[1]?.connections() === 0);
    expect(servers[0]?.connections()).toBe(1);
    expect(lines.all.filter((line) => line.includes('addresses'))).toHaveLength(2);
  });

  it.each<[string, () => string[]]>([
    ['fails', () => JSON.parse('no answer')],
    ['knows of none', () => []],
  ])('stay when the name server %s, with one warning', async (_title, failure) => {
    answer = () => [IPS[0], IPS[1]];
    const { upstream, lines } = open();
    await have(upstream, IPS.slice(0, 2));
    answer = failure;
    await lines.find(/gives no address/);
    await resolved(5);
    expect(await askOften(upstream)).toEqual(IPS.slice(0, 2));
    const warnings = () => lines.all.filter((line) => line.includes('"warn"')).map((line) => JSON.parse(line));
    expect(warnings()).toMatchObject([{ upstream: 'orders', host: 'orders.test' }]);

    answer = () => [IPS[2]];
    await have(upstream, [IPS[2]]);
    answer = failure;
    await until(() => warnings().length === 2);
    expect(await ask(upstream)).toBe(IPS[2]);
  });

  it('are not looked up for an address that is one, and those of every name are', async () => {
    answer = () => [IPS[1]];
    const urls = [`http://${IPS[0]}:${port}/`, `http://one.test:${port}/`, `http://other.test:${port}/`];
    const { upstream } = open({ urls });
    await have(upstream, ['', IPS[1], IPS[1]]);
    expect(new Set(lookups)).toEqual(new Set(['one.test', 'other.test']));
    expect(await askOften(upstream)).toEqual([IPS[0], IPS[1]]);
  });

  it('are not looked up unless that is wanted', async () => {
    answer = () => [IPS[1]];
    const { upstream } = open({ urls: [`http://localhost:${port}/graphql`], resolveIntervalMs: 0 });
    expect(await ask(upstream)).toBe(IPS[0]);
    expect(lookups).toEqual([]);
  });

  it('are those that the machine knows', async () => {
    const options = upstreamOptions({ urls: [`http://localhost:${port}/graphql`], resolveIntervalMs: 5 });
    const upstream = stack.add('upstream', createUpstream('orders', options));
    await until(() => ipsOf(upstream).includes(IPS[0]));
    expect(await ask(upstream)).toBe(IPS[0]);
  });

  it('are looked up no more when the destination is closed', async () => {
    answer = () => [IPS[0]];
    const { upstream } = open();
    await have(upstream, [IPS[0]]);
    await upstream.close();
    lookups = [];
    open({ urls: [`http://other.test:${port}/`] });
    await resolved(5);
    expect(new Set(lookups)).toEqual(new Set(['other.test']));
  });
});
