import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { HealthOptions } from '../../../gateway/upstream/health-check.ts';
import { createUpstream, type Upstream } from '../../../gateway/upstream/upstream.ts';
import { createUpstreams } from '../../../gateway/upstream/upstreams.ts';
import { ClosingStack } from '../../../service/run.ts';
import { createTestLog } from '../../support/log-lines.ts';
import { type RawServer, startRawServer } from '../../support/raw-server.ts';
import { until } from '../../support/until.ts';
import { upstreamDefaults, upstreamOptions } from '../../support/upstream-options.ts';

/** A server whose health a test decides. */
interface Patient extends RawServer {
  /** How it answers a check. */
  answerCheck: (response: ServerResponse) => void;
  /** The first lines and bodies of the checks that came. */
  readonly checks: string[];
}

const QUERY = 'POST /graphql {"query":"{ __typename }"}';
const CALL = { method: 'POST', headers: {}, body: 'a call', isShareable: true } as const;

describe('checks of health', () => {
  let stack: ClosingStack;
  beforeEach(() => {
    stack = new ClosingStack();
  });
  afterEach(() => stack.close());

  async function startPatient(): Promise<Patient> {
    const checks: string[] = [];
    const server = await startRawServer(async (request: IncomingMessage, response) => {
      const body = await text(request);
      if (body === CALL.body) return void response.end(server.url);
      checks.push(`${request.method} ${request.url} ${body}`);
      patient.answerCheck(response);
    });
    const patient: Patient = { ...server, checks, answerCheck: isWell };
    return stack.add('server', patient);
  }

  const isWell = (response: ServerResponse) => void response.end('{"data":{"__typename":"Query"}}');
  const isIll = (response: ServerResponse) => void response.writeHead(503).end();

  const toHealth = (more: Partial<HealthOptions> = {}): HealthOptions => ({
    ...upstreamDefaults().health,
    isEnabled: true,
    intervalMs: 5,
    ...more,
  });

  function open(patients: readonly Patient[], more: Partial<HealthOptions> = {}) {
    const { log, lines } = createTestLog();
    const urls = patients.map(({ url }) => url);
    return {
      lines,
      upstream: stack.add(
        'upstream',
        createUpstream('one', upstreamOptions({ urls, health: toHealth(more) }), { log }),
      ),
    };
  }

  const healthOf = (upstream: Upstream) => upstream.look().map(({ isHealthy }) => isHealthy);
  const checked = (patient: Patient, times = 3) => {
    const before = patient.checks.length;
    return until(() => patient.checks.length >= before + times);
  };

  it('leave out an address that fails them, and take it back when it does not, with one line in the log for each change', async () => {
    const [first, second] = [await startPatient(), await startPatient()];
    const { upstream, lines } = open([first, second]);
    await Promise.all([checked(first), checked(second)]);
    expect(healthOf(upstream)).toEqual([true, true]);

    first.answerCheck = isIll;
    await until(() => upstream.look()[0]?.weight === 0);
    expect(healthOf(upstream)).toEqual([false, true]);
    for (let count = 0; count < 20; count++) expect((await upstream.send(CALL)).body.toString()).toBe(second.url);
    await checked(first, 10);

    first.answerCheck = isWell;
    await until(() => healthOf(upstream)[0]);
    expect(upstream.look()[0]?.weight).toBeGreaterThan(0);
    await lines.find(/healthy again/);
    const told = lines.all.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(told).toMatchObject([
      { level: 'warn', upstream: 'one', url: first.url, reason: 'the status of its answer is 503' },
      { level: 'info', upstream: 'one', url: first.url },
    ]);
    expect(told).toHaveLength(2);
  });

  it('ask for a path where there is one, and otherwise send a query', async () => {
    const patient = await startPatient();
    open([patient]);
    await checked(patient);
    expect(new Set(patient.checks)).toEqual(new Set([QUERY]));
    patient.answerCheck = (response) => void response.writeHead(204).end();
    const other = await startPatient();
    const { upstream } = open([other], { path: '/health?of=all' });
    await checked(other);
    expect(new Set(other.checks)).toEqual(new Set(['GET /health?of=all ']));
    expect(healthOf(upstream)).toEqual([true]);
  });

  it.each<[string, Patient['answerCheck'], RegExp]>([
    ['gives an error', isIll, /status of its answer is 503/],
    ['redirects', (response) => response.writeHead(302, { location: '/' }).end(), /status of its answer is 302/],
    ['answers without data', (response) => response.end('{"errors":[{"message":"no"}]}'), /no data/],
    ['answers with something else', (response) => response.end('<html>'), /no data/],
    ['does not answer', () => undefined, /did not answer within/],
    ['breaks the connection', (response) => response.destroy(), /cannot be reached: the server closed the connection/],
  ])('find one unhealthy that %s', async (_title, answerCheck, reason) => {
    const patient = await startPatient();
    patient.answerCheck = answerCheck;
    const { upstream, lines } = open([patient], { timeoutMs: 50, unhealthyAfter: 2 });
    await until(() => healthOf(upstream)[0] === false);
    expect(await lines.find(/unhealthy/)).toMatch(reason);
    // It is the only one: better asked than nobody.
    expect((await upstream.send(CALL)).status).toBe(200);
  });

  it('do not wait behind calls', async () => {
    const gate = Promise.withResolvers<void>();
    const checks: string[] = [];
    const server = stack.add(
      'server',
      await startRawServer(async (request, response) => {
        const body = await text(request);
        if (body !== CALL.body) checks.push(body);
        else await gate.promise;
        isWell(response);
      }),
    );
    const options = { ...upstreamOptions({ urls: [server.url], connections: 1 }), health: toHealth() };
    const upstream = stack.add('upstream', createUpstream('one', options));
    const calls = [upstream.send(CALL), upstream.send(CALL)];
    await until(() => checks.length >= 5);
    expect(healthOf(upstream)).toEqual([true]);
    gate.resolve();
    await Promise.all(calls);
  });

  it('end when the destination is closed, also one that is under way', async () => {
    const patient = await startPatient();
    patient.answerCheck = () => undefined;
    const { upstream } = open([patient], { timeoutMs: 60_000 });
    await checked(patient, 1);
    await upstream.close();
    await until(() => patient.connections() === 0);
    expect(patient.checks).toHaveLength(1);
  });

  it('do not begin for a graph of which another destination cannot be opened', async () => {
    const patient = await startPatient();
    const { log } = createTestLog();
    const defaults = { ...upstreamDefaults(), health: toHealth() };
    const upstreams = stack.add('upstreams', createUpstreams({ overrides: {}, defaults, log }));
    const one = { name: 'one', url: patient.url };
    expect(() => upstreams.open({}, [one, { name: 'other', url: 'none' }])).toThrow('"other"');
    const other = await startPatient();
    upstreams.open({}, [{ name: 'other', url: other.url }]);
    await checked(other, 10);
    expect(patient.checks).toEqual([]);
  });
});
