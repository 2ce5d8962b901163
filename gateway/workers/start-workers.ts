import { ConfigError } from '../../service/config.ts';
import type { Log } from '../../service/logs.ts';
import { ClosingStack, type Running } from '../../service/run.ts';
import type { GatewayConfig } from '../config.ts';
import { openWorkers } from './workers.ts';
import { createWorkersAdmin } from './workers-admin.ts';

/**
 * Starts several processes that serve one port, and the admin server of them all. SIGHUP puts new ones in their place, one after the other.
 *
 * @throws {ConfigError} when they would share what they cannot
 */
export async function startWorkers(
  config: GatewayConfig,
  log: Log,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Running> {
  checkShared(config, environment);
  const stack = new ClosingStack();
  const { workers: options, shutdownTimeoutMs } = config;
  try {
    const workers = stack.add('workers', await openWorkers({ ...options, stopTimeoutMs: shutdownTimeoutMs, log }));
    const admin = stack.add('admin server', await createWorkersAdmin({ ...config.admin, workers, log }));
    const roll = () => void workers.roll();
    process.on('SIGHUP', roll);
    stack.add('signals', { close: () => void process.off('SIGHUP', roll) });
    const url = workers.serving()[0]?.ready()?.url;
    log.info({ url: `${url}/graphql`, admin: admin.url, workers: options.count }, 'the gateway is serving');
    return stack;
  } catch (error) {
    await stack.close();
    throw error;
  }
}

function checkShared(
  { workers: { state }, cache, rateLimit }: GatewayConfig,
  { REDIS_URL }: Readonly<Record<string, string | undefined>>,
): void {
  const isSharing = cache.mode !== 'off' || Object.keys(rateLimit.sets).length > 0;
  if (state === 'local' || REDIS_URL || !isSharing) return;
  throw new ConfigError([
    {
      path: 'workers.count',
      message:
        'is more than 1, and rate limits and the cache would not be shared: set REDIS_URL, or workers.state: local for each process to have its own',
    },
  ]);
}
