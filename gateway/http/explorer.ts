import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/**
 * GraphiQL for whoever opens `/graphql` in a browser: one page with its scripts from the installed packages, so that it
 * works without the internet. (GraphiQL 4 is the last that ships a bundle for browsers; see docs/decisions.)
 */

const { resolve } = createRequire(import.meta.url);

/** A file of a package, also one that the package's `exports` do not name. */
function packaged(name: string, file: string): string {
  return join(dirname(resolve(`${name}/package.json`)), file);
}

const ASSETS = [
  { name: 'react.js', type: 'text/javascript', file: packaged('react', 'umd/react.production.min.js') },
  { name: 'react-dom.js', type: 'text/javascript', file: packaged('react-dom', 'umd/react-dom.production.min.js') },
  { name: 'graphiql.js', type: 'text/javascript', file: packaged('graphiql', 'graphiql.min.js') },
  { name: 'graphiql.css', type: 'text/css', file: packaged('graphiql', 'graphiql.min.css') },
  { name: 'plan.js', type: 'text/javascript', file: new URL('./explorer/plan.js', import.meta.url) },
  { name: 'plan.css', type: 'text/css', file: new URL('./explorer/plan.css', import.meta.url) },
  { name: 'explorer.js', type: 'text/javascript', file: new URL('./explorer/explorer.js', import.meta.url) },
  { name: 'explorer.css', type: 'text/css', file: new URL('./explorer/explorer.css', import.meta.url) },
];

/** Own scripts only; GraphiQL's editor makes its styles at run time. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** A browser's own navigation, not a program that asks for JSON. */
export function isExplorerRequest({ method, headers, url }: FastifyRequest): boolean {
  return method === 'GET' && !/[?&](?:query|extensions)=/.test(url) && /\btext\/html\b/.test(headers.accept ?? '');
}

/** Adds the page at `/graphql/explorer` and its assets below it. */
export async function serveExplorer(app: FastifyInstance): Promise<void> {
  const page = readFileSync(new URL('./explorer/page.html', import.meta.url));
  app.get('/graphql/explorer', (_request, reply) =>
    reply
      .headers({ 'content-security-policy': CONTENT_SECURITY_POLICY, 'cache-control': 'no-cache' })
      .type('text/html; charset=utf-8')
      .send(page),
  );
  for (const { name, type, file } of ASSETS) {
    const content = readFileSync(file);
    app.get(`/graphql/explorer/${name}`, (_request, reply) =>
      reply.headers({ 'cache-control': 'public, max-age=3600' }).type(`${type}; charset=utf-8`).send(content),
    );
  }
}
