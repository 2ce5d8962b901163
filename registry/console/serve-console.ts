import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';
import { type BuiltFile, readBuiltFiles } from './built-files.ts';
import { packAnswers } from './pack-answers.ts';
import { CONTENT_SECURITY_POLICY, consolePage } from './page.ts';
import { type ServeSessionOptions, serveSession } from './serve-session.ts';

export type ServeConsoleOptions = ServeSessionOptions;

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
};

/** Their names have their hashes: one that has changed has another name. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/** The console at `/`: one page, its files below `/console/`, and signing in. What it shows it asks by rover's GraphQL. */
export function serveConsole(app: FastifyInstance, options: ServeConsoleOptions): void {
  // Read when they are asked for first: most registries in tests never are.
  let built: ReturnType<typeof readBuiltFiles>;
  const read = () => {
    built ??= readBuiltFiles();
    return built;
  };

  app.get('/', async (request, reply) => {
    const files = read();
    if (files === undefined)
      return reply.code(503).type('text/plain').send('The console is not built. "npm run generate" does it.\n');
    const page = consolePage(files.names, options.publicUrl());
    const etag = `"${createHash('sha256').update(page).digest('base64url').slice(0, 22)}"`;
    void reply.headers({
      ...{ ...HEADERS, etag, 'content-security-policy': CONTENT_SECURITY_POLICY },
      // Looked at each time: it names the newest files.
      'cache-control': 'no-cache',
      'x-frame-options': 'DENY',
    });
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.type('text/html; charset=utf-8').send(page);
  });

  app.get<{ Params: { file: string } }>('/console/:file', async (request, reply) => {
    const file = read()?.files.get(request.params.file);
    if (file === undefined)
      return reply.code(404).send({ error: { code: 'BAD_REQUEST', message: 'There is no such file.' } });
    return sendFile(request, reply, file);
  });

  packAnswers(app);
  serveSession(app, options);
}

function sendFile(request: FastifyRequest, reply: FastifyReply, { type, contents, packed }: BuiltFile): FastifyReply {
  void reply.headers({ ...HEADERS, 'content-type': type, 'cache-control': FOR_EVER, vary: 'accept-encoding' });
  const accepted = new Negotiator(request.raw).encodings(['br', 'gzip']);
  const encoding = (['br', 'gzip'] as const).find((name) => accepted.includes(name));
  if (encoding === undefined) return reply.send(contents);
  return reply.header('content-encoding', encoding).send(packed[encoding]);
}
