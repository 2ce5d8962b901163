import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApolloServer } from '@apollo/server';
import { startGateway } from '../../../gateway/app.ts';
import { gatewayConfig } from '../../../gateway/config.ts';
import { readConfig } from '../../../service/config.ts';
import { createLog } from '../../../service/logs.ts';
import type { Running } from '../../../service/run.ts';

/** An operation as a client sends it. */
export interface OperationRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
}

export interface OperationResponse {
  readonly data?: unknown;
  readonly errors?: readonly ReceivedError[] | undefined;
}

export interface ReceivedError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** A gateway that answers operations over one supergraph. */
export interface Executor extends Running {
  execute(request: OperationRequest): Promise<OperationResponse>;
}

/** Ours, asked over HTTP as any client asks it. */
export async function startOurs(supergraphSdl: string): Promise<Executor> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-federation-'));
  const file = join(folder, 'supergraph.graphql');
  writeFileSync(file, supergraphSdl);
  const config = readConfig({
    schema: gatewayConfig,
    prefix: 'GATEWAY',
    environment: {
      GATEWAY_MODE: 'development',
      GATEWAY_SUPERGRAPH_SOURCE: 'file',
      GATEWAY_SUPERGRAPH_FILE: file,
      GATEWAY_SUPERGRAPH_POLL_INTERVAL_MS: '0',
      GATEWAY_HTTP_PORT: '0',
      GATEWAY_ADMIN_PORT: '0',
    },
  });
  const gateway = await startGateway(config, createLog('gateway', 'silent'));
  return {
    execute: async (request) => {
      const response = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
      });
      return (await response.json()) as OperationResponse;
    },
    close: async () => {
      await gateway.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The oracle: the stock `@apollo/gateway` inside an Apollo Server. @throws when it refuses the supergraph */
export async function startStock(supergraphSdl: string): Promise<Executor> {
  // It would export metrics to its vendor; read when it is imported.
  process.env.APOLLO_TELEMETRY_DISABLED = '1';
  const { ApolloGateway } = await import('@apollo/gateway');
  const logger = createLog('stock', 'silent');
  const gateway = new ApolloGateway({ supergraphSdl, logger });
  const server = new ApolloServer({
    gateway,
    logger,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
  });
  await server.start();
  return {
    execute: async ({ query, variables, operationName }) => {
      const { body } = await server.executeOperation({
        query,
        ...(variables === undefined ? {} : { variables }),
        ...(operationName === undefined ? {} : { operationName }),
      });
      if (body.kind !== 'single') throw new TypeError('an incremental response was not asked for');
      // As JSON, because that is how a client gets it: an absent value, a date or a big number looks different before.
      return JSON.parse(JSON.stringify(body.singleResult)) as OperationResponse;
    },
    close: () => server.stop(),
  };
}
