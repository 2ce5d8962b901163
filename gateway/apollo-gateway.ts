import type { GatewayInterface, GatewaySchemaLoadOrUpdateCallback } from '@apollo/server-gateway-interface';
import { z } from 'zod';
import { createPlanners } from '../planning/planners.ts';
import { createLog } from '../service/logs.ts';
import { ClosingStack } from '../service/run.ts';
import { createExecutor } from './apollo/executor.ts';
import { createPrepareDocument } from './apollo/prepare-document.ts';
import type { HeadersFrom } from './apollo/server-headers.ts';
import { createServerLog, type ServerLogger } from './apollo/server-log.ts';
import { gatewayConfig } from './config.ts';
import { ENFORCED_DIRECTIVES } from './guard/enforced-directives.ts';
import { createOperationMemos } from './operation/operation-memo.ts';
import { checkLabels, createDecideLabels } from './operation/override-labels.ts';
import { createPlan } from './operation/plan.ts';
import { createPrepare } from './operation/prepare.ts';
import { createWarmUp } from './operation/warm-up.ts';
import { type Followed, followSupergraph } from './supergraph/follow.ts';
import type { Source } from './supergraph/source.ts';
import { createComposeSource } from './supergraph/source-compose.ts';
import { createFileSource } from './supergraph/source-file.ts';
import { createTextSource } from './supergraph/source-text.ts';
import { buildSupergraph, type Supergraph } from './supergraph/supergraph.ts';
import { startFaultLog } from './telemetry/fault-log.ts';
import { createUpstreams } from './upstream/upstreams.ts';
import { createWriteCounter } from './upstream/write-counter.ts';

/** The gateway's own options (docs/config.md) that mean something behind another server. */
const engineConfig = gatewayConfig
  .pick({
    supergraph: true,
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

type EngineConfig = z.infer<typeof engineConfig>;

/** See docs/apollo-server.md. `Context` is what the server's `context` function gives. */
export interface ApolloGatewayOptions<Context = Record<string, unknown>> extends z.input<typeof engineConfig> {
  /** A composed supergraph that does not change, instead of `supergraph`. */
  readonly supergraphSdl?: string;
  readonly headersFrom?: HeadersFrom<Context>;
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
  const { supergraphSdl, headersFrom, logger, environment = {}, ...rest } = options;
  const config = readOptions(rest);
  if (supergraphSdl !== undefined && rest.supergraph !== undefined)
    throw new TypeError('createApolloGateway takes supergraphSdl or supergraph, not both');
  if (config.override.key === 'subject')
    throw new TypeError('createApolloGateway reads no tokens: override.key must be the name of a header');
  const source = supergraphSdl === undefined ? createSource(config, environment) : createTextSource(supergraphSdl);
  const log = logger === undefined ? createLog('gateway', 'info') : createServerLog(logger);

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
        const { followed, executor } = await start();
        for (const listener of listeners) listener(toSchemaContext(followed.current()));
        return { executor };
      } catch (error) {
        await stack.close();
        throw error;
      }
    },
    stop: () => stack.close(),
  };

  async function start() {
    const writes = createWriteCounter();
    stack.add('fault log', startFaultLog({ log }));
    const upstreams = stack.add(
      'upstreams',
      createUpstreams({
        overrides: config.upstream,
        defaults: config.upstreamDefaults,
        merging: config.sharing.calls ? { epoch: writes.epoch } : undefined,
        log,
      }),
    );
    const planners = stack.add('planner threads', createPlanners(config.planning));
    const memoOf = createOperationMemos(config.operations.memoBytes);
    const prepare = createPrepare({ limits: config.limits, memoOf });
    const plan = createPlan({ memoOf });
    const { warmUp: count, warmUpTimeoutMs: timeoutMs } = config.operations;
    const warmUp = createWarmUp({ memoOf, prepare, plan, count, timeoutMs, log });
    const followed: Followed = stack.add(
      'supergraph',
      await followSupergraph({
        source,
        build: (sdl) => buildSupergraph(sdl, { createPlanner: planners.create, enforced: ENFORCED_DIRECTIVES }),
        prepare: async (next, previous, signal) => {
          upstreams.open(next, next.subgraphs, () => void next.planner.close());
          for (const warning of checkLabels(next.planner.overrideLabels, config.override)) log.warn(warning);
          if (previous !== undefined) await warmUp(next, previous, signal);
        },
        retire: (previous) => {
          upstreams.retire(previous);
          tellUpdate(followed.current());
        },
        pollIntervalMs: config.supergraph.pollIntervalMs,
        log,
      }),
    );
    const executor = createExecutor({
      currentSupergraph: followed.current,
      prepareDocument: createPrepareDocument(prepare),
      decideLabels: createDecideLabels(config.override),
      plan,
      holdUpstreams: upstreams.hold,
      forward: config.headers.forward,
      headersFrom,
      onWrite: writes.count,
    });
    return { followed, executor };
  }

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

function readOptions(options: z.input<typeof engineConfig>): EngineConfig {
  const read = engineConfig.safeParse(options);
  if (read.success) return read.data;
  throw new TypeError(`createApolloGateway: an option is wrong\n${z.prettifyError(read.error)}`);
}

function createSource(
  { supergraph: { source, file } }: EngineConfig,
  environment: Readonly<Record<string, string | undefined>>,
): Source {
  return source === 'file' ? createFileSource(file) : createComposeSource(file, environment);
}
