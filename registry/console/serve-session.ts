import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { isOfConsole, readSessionToken, writeSessionCookie } from '../access/session-cookie.ts';
import type { Sessions } from '../access/sessions.ts';
import { RegistryError } from '../errors.ts';

export interface ServeSessionOptions {
  readonly sessions: Sessions;
  /** How long one lasts, in milliseconds. */
  readonly lastsMs: number;
  /** How people reach the registry: over HTTPS the cookie is for HTTPS alone. */
  readonly publicUrl: () => string;
}

const signIn = z.strictObject({ key: z.string().min(1).max(1_000) });

/** A key has some hundred characters. */
const BODY_LIMIT_BYTES = 10_000;

/** `POST /session` signs in with a key, `DELETE /session` signs out. Both are for the console's own pages alone. */
export function serveSession(app: FastifyInstance, { sessions, lastsMs, publicUrl }: ServeSessionOptions): void {
  const setCookie = (reply: FastifyReply, token?: string) =>
    reply.headers({
      'set-cookie': writeSessionCookie(token, { isSecure: publicUrl().startsWith('https:'), lastsMs }),
      'cache-control': 'no-store',
    });

  app.post('/session', { bodyLimit: BODY_LIMIT_BYTES }, async ({ headers, body }, reply) => {
    const { data } = signIn.safeParse(body);
    if (!isOfConsole(headers) || data === undefined)
      throw new RegistryError('BAD_REQUEST', 'A session is begun by the console, with a key.');
    try {
      const { token, principal } = await sessions.begin(data.key);
      return setCookie(reply, token).send({ name: principal.name });
    } catch (error) {
      if (!(error instanceof RegistryError && error.code === 'KEY_INVALID')) throw error;
      return reply.code(401).send({ error: { code: error.code, message: error.message } });
    }
  });

  app.delete('/session', { bodyLimit: BODY_LIMIT_BYTES }, async ({ headers }, reply) => {
    const token = readSessionToken(headers);
    if (token !== undefined) await sessions.end(token);
    if (!isOfConsole(headers)) throw new RegistryError('BAD_REQUEST', 'A session is ended by the console.');
    return setCookie(reply).send({});
  });
}
