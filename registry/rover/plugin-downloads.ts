import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { FEDERATION_VERSION } from '../../composition/federation-version.ts';
import { toTar } from './tar.ts';

const SCRIPT = new URL('./plugin/supergraph.cjs', import.meta.url);

/** What rover calls a platform. The plugin is a script with a shebang, which Windows does not run. */
const TARGET = /^[a-z0-9_]+-(apple|unknown-linux)-[a-z]+$/;

/**
 * Hands out the plugin that `rover supergraph compose` runs, where rover looks for it: `APOLLO_ROVER_DOWNLOAD_HOST` set to the
 * registry makes that command work with no other host. Rover asks by HEAD for the version behind `latest-2`, then gets the archive.
 */
export function servePluginDownloads(app: FastifyInstance): void {
  const version = `v${FEDERATION_VERSION}`;
  const archive = gzipSync(toTar([{ name: 'dist/supergraph', mode: 0o755, content: readFileSync(SCRIPT) }]));

  app.get<{ Params: { plugin: string; target: string; version: string } }>(
    '/tar/:plugin/:target/:version',
    async ({ params }, reply) => {
      if (params.plugin !== 'supergraph' || !TARGET.test(params.target)) {
        return reply.code(404).send('The registry has the plugin "supergraph" alone, for Linux and macOS.\n');
      }
      if (![version, 'latest-2', 'latest'].includes(params.version)) {
        return reply.code(404).send(`The registry composes with Federation ${FEDERATION_VERSION} alone.\n`);
      }
      return reply
        .header('x-version', version)
        .header('cache-control', 'no-cache')
        .type('application/gzip')
        .send(archive);
    },
  );
}
