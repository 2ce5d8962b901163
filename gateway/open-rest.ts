import { resolve } from 'node:path';
import { validate } from 'graphql';
import type { Log } from '../service/logs.ts';
import type { GatewayConfig } from './config.ts';
import type { Besides, HttpTools } from './http/server.ts';
import { serveOpenApi } from './rest/openapi-routes.ts';
import { type OperationRoutesOptions, serveOperations } from './rest/operation-routes.ts';
import { readStoredOperations } from './rest/read-operations.ts';
import type { Supergraph } from './supergraph/supergraph.ts';

/** Routes that stored operations answer. */
export interface Rest {
  /** The texts: they are planned ahead on every graph. */
  readonly texts: readonly string[];
  /** Warns of what does not fit a graph: its routes fail until it does. */
  prepare(supergraph: Supergraph): void;
  /** What a server adds to what it serves. */
  toServe(options: Omit<OperationRoutesOptions, 'operations' | keyof HttpTools>): Besides;
}

/** @throws {StoredOperationError} with all that is wrong in the folder; nothing when there is none */
export function openRest(
  { rest: { operations: folder, title } }: Pick<GatewayConfig, 'rest'>,
  log: Log,
): Rest | undefined {
  if (folder === undefined) return undefined;
  const operations = readStoredOperations(resolve(folder));
  return {
    texts: operations.map(({ text }) => text),
    prepare: ({ apiSchema }) => {
      for (const { name, document, method, path } of operations) {
        const [error] = validate(apiSchema, document);
        if (error !== undefined)
          log.warn({ operation: name, route: `${method} ${path}` }, `a route does not fit the graph: ${error.message}`);
      }
    },
    toServe: (options) => ({
      methods: operations.map(({ method }) => method),
      add: (app, tools) => {
        serveOperations(app, { ...options, ...tools, operations });
        serveOpenApi(app, { operations, currentSupergraph: options.currentSupergraph, title });
      },
    }),
  };
}
