import { fileURLToPath } from 'node:url';
import type { Principal } from '../../../registry/access/principal.ts';
import { type CurrentSupergraphs, loadCurrentSupergraphs } from '../../../registry/current/current.ts';
import { type PublishOutcome, publishSubgraph } from '../../../registry/publication/publish-subgraph.ts';
import type { Publishing } from '../../../registry/publication/publishing.ts';
import { createTurns } from '../../../registry/publication/turns.ts';
import { createSchemaThreads } from '../../../registry/schema/schema-threads.ts';
import { insertGraph } from '../../../registry/storage/graphs.ts';
import { type Database, openDatabase } from '../../../service/database.ts';
import { createLog } from '../../../service/logs.ts';
import { ClosingStack, type Running } from '../../../service/run.ts';

/** The rooms of a registry below its edge, on a database. */
export interface OpenRegistry extends Running {
  readonly database: Database;
  readonly current: CurrentSupergraphs;
  readonly publishing: Publishing;
  /** Publishes a subgraph as the administrator; to `GRAPH@current` if nothing else is said. */
  publish(name: string, sdl: string, more?: { url?: string | null; variant?: string }): Promise<PublishOutcome>;
}

/** There from the start. */
export const GRAPH = 'shop';

/** Who may do everything. */
export const ADMINISTRATOR: Principal = {
  ...{ keyId: '00000000-0000-4000-8000-000000000000', name: 'administrator', verbs: ['admin'] },
  ...{ graphId: null, variant: null, subgraph: null },
};

const MIGRATIONS = fileURLToPath(new URL('../../../registry/storage/migrations', import.meta.url));

/** @param more instead of what a publish is handed otherwise */
export async function openRegistry(url: string, more: Partial<Publishing> = {}): Promise<OpenRegistry> {
  const stack = new ClosingStack();
  const log = createLog('registry', 'silent');
  const database = stack.add('database', await openDatabase({ url, service: 'registry', migrations: MIGRATIONS, log }));
  await insertGraph(database.query, { id: GRAPH, title: GRAPH, createdAt: new Date() });
  const current = stack.add('current', await loadCurrentSupergraphs({ database, log }));
  const threads = stack.add('threads', createSchemaThreads({ threads: 1, queueLength: 100, timeoutMs: 60_000 }));
  const publishing: Publishing = {
    ...threads,
    ...{ database, current, turns: createTurns(), schemaLimitBytes: 100_000 },
    ...{ now: () => new Date(), onVersion: async () => undefined },
    ...more,
  };
  return {
    ...{ database, current, publishing },
    publish: (name, sdl, { url: address = `http://${name}.test`, variant = 'current' } = {}) =>
      publishSubgraph(publishing, {
        ...{ graphId: GRAPH, variant, name, sdl, url: address, git: null, actor: ADMINISTRATOR },
      }),
    close: () => stack.close(),
  };
}
