import type { FastifyInstance } from 'fastify';
import type { Running } from '../../service/run.ts';
import type { Rooms } from './context.ts';
import { serveGraphql } from './graphql.ts';
import { servePages } from './pages.ts';
import { servePluginDownloads } from './plugin-downloads.ts';
import { serveCompose } from './serve-compose.ts';

/** All that rover and its users reach: GraphQL, composing, the plugin that asks for it, and the pages that rover's output names. */
export async function serveRover(app: FastifyInstance, rooms: Rooms): Promise<Running> {
  serveCompose(app, rooms);
  servePluginDownloads(app);
  servePages(app, rooms);
  return serveGraphql(app, rooms);
}
