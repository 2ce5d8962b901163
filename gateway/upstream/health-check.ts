import type { Running } from '../../service/run.ts';
import type { Address } from './address.ts';
import { createExchange } from './exchange.ts';
import { createPool } from './pool.ts';
import type { ConnectionTls } from './read-tls.ts';
import { type Call, createRequestWriter } from './request-text.ts';
import type { Reply } from './response-reader.ts';

export interface HealthOptions {
  readonly isEnabled: boolean;
  /** A GET of it has to be answered with 2xx; without it, the address has to answer a GraphQL query. */
  readonly path?: string | undefined;
  /** Between two checks, in milliseconds; a tenth more or less, by chance. */
  readonly intervalMs: number;
  /** How long the answer may take, in milliseconds. */
  readonly timeoutMs: number;
  /** So many failures, one after the other, make it unhealthy, … */
  readonly unhealthyAfter: number;
  /** … and so many answers healthy again. */
  readonly healthyAfter: number;
}

export interface HealthCheckOptions extends HealthOptions {
  /** Of the destination, for messages. */
  readonly name: string;
  readonly tls: ConnectionTls;
  /** Told of each change. @param problem what the last check found, when it is unhealthy */
  readonly onChange: (isHealthy: boolean, problem: string | undefined) => void;
}

/** What is known of the health of one address: it is taken to be healthy until checks say otherwise. */
export interface HealthCheck extends Running {
  isHealthy(): boolean;
}

/** It is there to say that it is well: more is not read. */
const ANSWER_LIMIT_BYTES = 1_000_000;
/** Checks differ by so much from their interval: gateways that started together do not go on asking together. */
const JITTER = 0.1;

const GET: Call = { method: 'GET', headers: {} };
const QUERY: Call = {
  method: 'POST',
  headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json' },
  body: JSON.stringify({ query: '{ __typename }' }),
};

/**
 * Asks one address again and again whether it is well. On a connection of its own, past breaker and limits: a queue before the address says
 * nothing of its health, and what nobody calls any more has to be asked to be found well again.
 */
export function startHealthCheck(address: Address, options: HealthCheckOptions): HealthCheck {
  const { name, path, intervalMs, timeoutMs, unhealthyAfter, healthyAfter, tls, onChange } = options;
  const pool = createPool(address.endpoint, {
    connections: 1,
    connectTimeoutMs: timeoutMs,
    responseLimitBytes: ANSWER_LIMIT_BYTES,
    tls,
  });
  const write = createRequestWriter({ host: address.host, path: path ?? address.path }, undefined);
  const send = createExchange({ name, pool, write, responseLimitBytes: ANSWER_LIMIT_BYTES });
  const leaving = new AbortController();
  let isHealthy = true;
  /** So many checks in a row have found the opposite. */
  let opposite = 0;
  let timer = setTimeout(check, Math.random() * intervalMs).unref();

  async function check(): Promise<void> {
    const problem = await findProblem();
    if (leaving.signal.aborted) return;
    note(problem);
    timer = setTimeout(check, intervalMs * (1 - JITTER + 2 * JITTER * Math.random())).unref();
  }

  async function findProblem(): Promise<string | undefined> {
    const call = path === undefined ? QUERY : GET;
    try {
      const reply = await send({ ...call, deadline: performance.now() + timeoutMs, signal: leaving.signal });
      return problemOf(reply, path === undefined);
    } catch (error) {
      return toText(error);
    }
  }

  function note(problem: string | undefined): void {
    opposite = (problem === undefined) === isHealthy ? 0 : opposite + 1;
    if (opposite < (isHealthy ? unhealthyAfter : healthyAfter)) return;
    isHealthy = !isHealthy;
    opposite = 0;
    onChange(isHealthy, problem);
  }

  return {
    isHealthy: () => isHealthy,
    close: async () => {
      clearTimeout(timer);
      leaving.abort();
      await pool.close();
    },
  };
}

function problemOf({ status, body }: Reply, isGraphQL: boolean): string | undefined {
  if (status < 200 || status > 299) return `the status of its answer is ${status}`;
  return isGraphQL && !hasData(body) ? 'its answer to { __typename } has no data' : undefined;
}

function hasData(body: Buffer): boolean {
  try {
    const answer = JSON.parse(body.toString()) as { readonly data?: unknown } | null;
    return typeof answer?.data === 'object' && answer.data !== null;
  } catch {
    return false;
  }
}

function toText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
