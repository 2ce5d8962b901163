import type { GatewayInterface, GatewaySchemaLoadOrUpdateCallback } from '@apollo/server-gateway-interface';
import { z } from 'zod';
import { createLog } from '../service/logs.ts';
import { ClosingStack } from '../service/run.ts';
import { createExecutor } from './apollo/executor.ts';
import { createPrepareDocument } from './apollo/prepare-document.ts';
import type { HeadersFrom } from './apollo/server-headers.ts';
import type { IdentityFrom } from './apollo/server-identity.ts';
import { createServerLog, type ServerLogger } from './apollo/server-log.ts';
import { gatewayConfig } from './config.ts';
import { createSource, startEngine } from './engine.ts';
import { ENFORCED_DIRECTIVES } from './guard/enforced-directives.ts';
import { createTextSource } from './supergraph/source-text.ts';
import type { Supergraph } from './supergraph/supergraph.ts';

/** The gateway's own options (docs/config.md) that mean something behind another server. */
const engineConfig = gatewayConfig
  .pick({
    supergraph: true,
    authorization: true,
    headers: true,
    limits: true,
    operations: true,
    override: true,
    planning: true,
    upstream: true,
    upstreamDefaults: true,
  })
  .extend({
    // Answers are values here, which plugins may change: no two requests share one.
    sharing: gatewayConfig.shape.sharing.unwrap().pick({ calls: true }).prefault({}),
  });

/** See docs/apollo-server.md. `Context` is what the server's `context` function gives. */
export interface ApolloGatewayOptions<Context = Record<string, unknown>> extends z.input<typeof engineConfig> {
  /** A composed supergraph that does not change, instead of `supergraph`. */
  readonly supergraphSdl?: string;
  readonly headersFrom?: HeadersFrom<Context>;
  /** Without it a supergraph with `@authenticated`, `@requiresScopes` or `@policy` is refused: nobody would say who asks. */
  readonly identityFrom?: IdentityFrom<Context>;
  /** The server's own logger; without one, JSON lines go to standard output. */
  readonly logger?: ServerLogger;
  /** For `${env.NAME}` in a supergraph.yaml. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * The engine as a value for `new ApolloServer({ gateway })`: Apollo Server serves HTTP, parses, validates and calls plugins; plans,
 * calls to subgraphs and answers are ours. The server's start loads the supergraph, its stop closes everything.
 *
 * @throws {TypeError} when an option is wrong
 */
export function createApolloGateway<Context = Record<string, unknown>>(
  options: ApolloGatewayOptions<Context> = {},
): GatewayInterface {
  const { supergraphSdl, headersFrom, identityFrom, logger, environment = {}, ...rest } = options;
  const config = readOptions(rest);
  if (supergraphSdl !== undefined && typeof supergraphSdl !== 'string')
    throw new TypeError(
      'createApolloGateway takes supergraphSdl as text alone: what follows a file or composes is the option supergraph (docs/apollo-server.md)',
    );
  if (supergraphSdl !== undefined && rest.supergraph !== undefined)
    throw new TypeError('createApolloGateway takes supergraphSdl or supergraph, not both');
  if (config.override.key === 'subject')
    throw new TypeError('createApolloGateway reads no tokens: override.key must be the name of a header');
  const log = logger === undefined ? createLog('gateway', 'info') : createServerLog(logger);
  const source =
    supergraphSdl === undefined ? createSource(config.supergraph, environment, log) : createTextSource(supergraphSdl);

  const listeners = new Set<GatewaySchemaLoadOrUpdateCallback>();
  const stack = new ClosingStack();
  let isStarted = false;

  return {
    onSchemaLoadOrUpdate: (callback) => {
      listeners.add(callback);
      return () => void listeners.delete(callback);
    },
    load: async () => {
      if (isStarted) throw new TypeError('a gateway is loaded once, by one server');
      isStarted = true;
      try {
        const knowsCallers = identityFrom !== undefined;
        const enforced = knowsCallers ? ENFORCED_DIRECTIVES : new Set<string>();
        const engine = await startEngine(stack, { config, source, enforced, knowsCallers, log, onReload: tellUpdate });
        const currentSupergraph = engine.followed.current;
        for (const listener of listeners) listener(toSchemaContext(currentSupergraph()));
        return {
          executor: createExecutor({
            currentSupergraph,
            prepareDocument: createPrepareDocument(engine.prepare),
            authorize: engine.authorize,
            identityFrom,
            decideLabels: engine.decideLabels,
            plan: engine.plan,
            holdUpstreams: engine.upstreams.hold,
            limits: config.limits,
            forward: config.headers.forward,
            headersFrom,
            onWrite: engine.writes.count,
            operationTimeoutMs: config.operations.timeoutMs,
          }),
        };
      } catch (error) {
        await stack.close();
        throw error;
      }
    },
    stop: () => stack.close(),
  };

  /** A listener that cannot take the new schema keeps none of the others from it. */
  function tellUpdate(next: Supergraph): void {
    for (const listener of listeners) {
      try {
        listener(toSchemaContext(next));
      } catch (error) {
        log.error({ err: error, supergraph: next.id }, 'the server did not take over the new schema');
      }
    }
  }
}

function toSchemaContext({ apiSchema, sdl }: Supergraph): Parameters<GatewaySchemaLoadOrUpdateCallback>[0] {
  return { apiSchema, coreSupergraphSdl: sdl };
}

function readOptions(options: z.input<typeof engineConfig>): z.infer<typeof engineConfig> {
  const read = engineConfig.safeParse(options);
  if (read.success) return read.data;
  throw new TypeError(`createApolloGateway: an option is wrong\n${z.prettifyError(read.error)}`);
}
