import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { isOfConsole } from '../access/session-cookie.ts';

const pack = promisify(gzip);

/** What is shorter fits one packet as it is. */
const WORTH_IT_BYTES = 1_400;

/** Packs what the console asks for by GraphQL: the types of a large graph are megabytes. Rover's answers stay as they are. */
export function packAnswers(app: FastifyInstance): void {
  app.addHook('onSend', async ({ headers }, reply, payload) => {
    if (!isOfConsole(headers) || typeof payload !== 'string' || payload.length < WORTH_IT_BYTES) return payload;
    if (!/\bgzip\b/.test(headers['accept-encoding'] ?? '') || reply.hasHeader('content-encoding')) return payload;
    void reply.headers({ 'content-encoding': 'gzip', vary: 'accept-encoding' }).removeHeader('content-length');
    return pack(payload);
  });
}
