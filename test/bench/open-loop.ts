import { Agent, type IncomingMessage, request } from 'node:http';
import { dataOf } from './answers.ts';
import { type Percentiles, percentilesOf } from './percentiles.ts';

/**
 * Open-loop load: requests are due at a constant rate whether or not earlier ones have been answered, and each is timed from
 * the instant it was due, not from when it could be sent. A gateway that stands still for a second shows that second in every
 * request that was due in it; a closed-loop generator would have waited with it and seen one slow answer.
 */

export interface Stream {
  readonly name: string;
  /** Requests per second. */
  readonly rate: number;
  /** Sent in turn; when `isOnce`, the stream ends with the last. */
  readonly queries: readonly string[];
  /** Whole bodies of requests, in the place of queries. */
  readonly bodies?: readonly string[];
  /** What is asked for instead of the load's address, from its origin. */
  readonly path?: string;
  /** POST by default; a GET has no body. */
  readonly method?: 'GET' | 'POST';
  /** Of each request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Each request brings one of these, in turn. */
  readonly tokens?: readonly string[] | undefined;
  readonly isOnce?: boolean;
  /** The exact answers, of which each must be one; without them each must have data and no errors. */
  readonly expected?: readonly string[];
  /** It means harm: whatever is said of it is right, and counted. */
  readonly isHostile?: boolean;
}

export interface OpenLoad {
  readonly url: string;
  readonly streams: readonly Stream[];
  readonly seconds: number;
  /** What is due in the first of them is sent and checked, but its time is not counted. */
  readonly warmUpSeconds?: number;
  /** Most connections; what is due beyond them waits, and its time runs. */
  readonly connections: number;
  /** Most requests that wait or are under way; what is due beyond them is counted as not sent. */
  readonly maxUnderWay: number;
}

export interface StreamResult extends Percentiles {
  readonly name: string;
  /** No answer, another status than 200, or not sent. */
  readonly failures: number;
  /** Answers with 200 that were not right. */
  readonly wrong: number;
  /** How often each of the expected answers came. */
  readonly seen: readonly number[];
  /** What was said where an answer failed, and always to a hostile stream; and how often. `STATUS CODE`; the status alone for an answer; or what became of the connection. */
  readonly said: Readonly<Record<string, number>>;
}

/** Tells when requests are due. Times are milliseconds on one clock. */
export interface Pacing {
  now(): number;
  /** Calls for each due request in order; resolves after the last, or when it is stopped. */
  run(load: OpenLoad, onDue: (stream: number, due: number) => void, stop?: AbortSignal): Promise<void>;
}

interface Tally {
  readonly bodies: readonly Buffer[];
  readonly latencies: number[];
  readonly expected: readonly Buffer[] | undefined;
  readonly seen: number[];
  readonly said: Map<string, number>;
  next: number;
  failures: number;
  wrong: number;
}

/** Sends what is due until the time is over, or until it is stopped, and every answer is there. */
export async function generate(load: OpenLoad, pacing: Pacing, stop?: AbortSignal): Promise<readonly StreamResult[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.connections, scheduling: 'fifo' });
  const tallies = load.streams.map(
    ({ queries, bodies = queries.map((query) => JSON.stringify({ query })), expected }): Tally => ({
      bodies: bodies.map((body) => Buffer.from(body)),
      latencies: [],
      expected: expected?.map((text) => Buffer.from(text)),
      seen: (expected ?? []).map(() => 0),
      said: new Map(),
      next: 0,
      failures: 0,
      wrong: 0,
    }),
  );
  const underWay = new Set<Promise<void>>();

  const from = pacing.now() + (load.warmUpSeconds ?? 0) * 1_000;
  const send = async (index: number, due: number): Promise<void> => {
    const stream = load.streams[index];
    const tally = tallies[index];
    if (stream === undefined || tally === undefined || (stream.isOnce && tally.next >= tally.bodies.length)) return;
    const number = tally.next++;
    const body = tally.bodies[number % tally.bodies.length] ?? NOTHING;
    if (underWay.size >= load.maxUnderWay) {
      tally.failures++;
      return;
    }
    const note = () => {
      if (due >= from) tally.latencies.push(pacing.now() - due);
    };
    const answer = exchange(addressOf(load.url, stream), agent, body, headersOf(stream, number)).then(
      ({ status, body }) => {
        note();
        if (stream.isHostile || status !== 200) count(tally.said, toSaid(status, body));
        if (stream.isHostile) return;
        if (status !== 200) tally.failures++;
        else if (!isExpected(body, tally)) tally.wrong++;
      },
      (error: NodeJS.ErrnoException) => {
        note();
        count(tally.said, error.code ?? error.message);
        if (!stream.isHostile) tally.failures++;
      },
    );
    underWay.add(answer);
    await answer;
    underWay.delete(answer);
  };
  await pacing.run(load, (index, due) => void send(index, due), stop);
  await Promise.all(underWay);
  agent.destroy();
  return load.streams.flatMap(({ name }, index) => {
    const tally = tallies[index];
    if (tally === undefined) return [];
    const { latencies, failures, wrong, seen, said } = tally;
    return [{ name, ...percentilesOf(latencies), failures, wrong, seen, said: Object.fromEntries(said) }];
  });
}

const NOTHING = Buffer.alloc(0);

const addressOf = (url: string, { path, method = 'POST' }: Stream): Address => ({
  url: path === undefined ? url : new URL(path, url).href,
  method,
});

function headersOf({ headers, tokens }: Stream, number: number): Record<string, string> {
  const token = tokens?.[number % tokens.length];
  return { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
}

function count(said: Map<string, number>, what: string): void {
  said.set(what, (said.get(what) ?? 0) + 1);
}

/** A status, and the code of the first error. */
function toSaid(status: number, body: Buffer): string {
  const { errors, error } = readRefusal(body.toString());
  const code = error?.code ?? errors?.[0]?.extensions?.code;
  return code === undefined && errors === undefined ? `${status}` : `${status} ${code ?? 'without a code'}`;
}

/** As GraphQL writes it, or as a route that leads to a service does. */
interface Refusal {
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
  readonly error?: { readonly code?: string };
}

function readRefusal(text: string): Refusal {
  try {
    return JSON.parse(text) as Refusal;
  } catch {
    // What a service gives need not be JSON.
    return {};
  }
}

function isExpected(body: Buffer, { expected, seen }: Tally): boolean {
  if (expected === undefined) return isRight(body);
  const which = expected.findIndex((one) => one.equals(body));
  if (which === -1) return false;
  seen[which] = (seen[which] ?? 0) + 1;
  return true;
}

function isRight(body: Buffer): boolean {
  try {
    return dataOf(body.toString()) !== undefined;
  } catch {
    return false;
  }
}

const TIMEOUT_MS = 20_000;

interface Address {
  readonly url: string;
  readonly method: 'GET' | 'POST';
}

function exchange(
  { url, method }: Address,
  agent: Agent,
  body: Buffer,
  more: Record<string, string>,
): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const ofBody = method === 'GET' ? {} : { 'content-type': 'application/json', 'content-length': body.length };
    const headers = { ...ofBody, ...more };
    const sent = request(url, { method, agent, headers, timeout: TIMEOUT_MS }, (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
      response.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.on('error', reject);
    sent.end(method === 'GET' ? undefined : body);
  });
}
