import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compose, type SubgraphSchema } from '../../composition/compose.ts';
import { type Gateway, startGateway } from '../../gateway/app.ts';
import { gatewayConfig } from '../../gateway/config.ts';
import { readConfig } from '../../service/config.ts';
import { createLog, type Log } from '../../service/logs.ts';

/** A gateway on free ports, over a supergraph composed from the given subgraphs. */
export interface TestGateway extends Gateway {
  /** Sends a query as JSON; headers are added to the content type. */
  query(query: string, options?: QueryOptions): Promise<Answer>;
}

export interface QueryOptions {
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly headers?: Record<string, string>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AnswerBody;
}

/** A GraphQL response, as loose as JSON is: tests compare it whole. */
export interface AnswerBody {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    message: string;
    path?: (string | number)[];
    locations?: unknown;
    extensions: Record<string, unknown>;
  }[];
  readonly extensions?: Record<string, unknown>;
}

/** @param environment options of the gateway by their environment names, and REDIS_URL */
export async function startTestGateway(
  subgraphs: readonly SubgraphSchema[],
  environment: Record<string, string> = {},
  log: Log = createLog('test', 'silent'),
): Promise<TestGateway> {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-gateway-'));
  const file = join(directory, 'supergraph.graphql');
  writeFileSync(file, composeOrThrow(subgraphs));
  const defaults = {
    GATEWAY_MODE: 'development',
    GATEWAY_HTTP_PORT: '0',
    GATEWAY_ADMIN_PORT: '0',
    GATEWAY_SUPERGRAPH_SOURCE: 'file',
    GATEWAY_SUPERGRAPH_FILE: file,
    // On a busy machine what is new takes a while.
    GATEWAY_PLANNING_TIMEOUT_MS: '30000',
  };
  const config = readConfig({ schema: gatewayConfig, prefix: 'GATEWAY', environment: { ...defaults, ...environment } });
  const gateway = await startGateway(config, log, environment);
  return {
    ...gateway,
    query: (query, options) => postQuery(`${gateway.url}/graphql`, query, options),
    close: async () => {
      await gateway.close();
      rmSync(directory, { recursive: true });
    },
  };
}

export async function postQuery(
  url: string,
  query: string,
  { variables, operationName, headers }: QueryOptions = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body: JSON.stringify({ query, variables, operationName }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as AnswerBody };
}

export function composeOrThrow(subgraphs: readonly SubgraphSchema[]): string {
  const composition = compose(subgraphs);
  if ('errors' in composition) throw new Error(composition.errors.map(({ message }) => message).join('\n'));
  return composition.supergraphSdl;
}
