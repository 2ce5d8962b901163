import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Keys } from '../access/keys.ts';
import { demand } from '../access/principal.ts';
import type { CurrentSupergraphs } from '../current/current.ts';
import { RegistryError, type RegistryErrorCode } from '../errors.ts';
import { type Counting, countReport } from './count-report.ts';
import { createKnownClients } from './known-clients.ts';
import { usageReportSchema } from './usage-report.ts';

export interface ServeUsageOptions extends Omit<Counting, 'clients'> {
  readonly keys: Keys;
  readonly current: CurrentSupergraphs;
  /** Most clients of one variant and day that are told apart, by name and version. */
  readonly maxClients: number;
}

/** Largest report, in bytes: as it comes, and unpacked. */
const BODY_LIMIT_BYTES = 5_000_000;
const UNPACKED_LIMIT_BYTES = 30_000_000;

const STATUS: Partial<Record<RegistryErrorCode, number>> = {
  KEY_INVALID: 401,
  ACCESS_DENIED: 403,
  GRAPH_UNKNOWN: 404,
  VARIANT_UNKNOWN: 404,
  DATABASE_UNAVAILABLE: 503,
};

const unpack = promisify(gunzip);

/**
 * `POST /usage`: the reports of gateways, in JSON, packed with gzip or not, for a key that may `report`. 200 says of which operations nothing
 * was counted because their text is not known; 400 that this report will never be counted; others that it may be sent again.
 */
export function serveUsage(app: FastifyInstance, options: ServeUsageOptions): void {
  const { keys, current } = options;
  const counting: Counting = { ...options, clients: createKnownClients(options) };
  // In a scope of its own: elsewhere bodies are read as JSON at once.
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    // Whoever has no key has no body read.
    scope.addHook('onRequest', async ({ headers }, reply) => {
      try {
        if ((await keys.identify(keyIn(headers))) === undefined) throw new RegistryError('KEY_INVALID');
      } catch (error) {
        return refuse(reply, error);
      }
    });
    scope.post('/usage', { bodyLimit: BODY_LIMIT_BYTES }, async ({ headers, body }, reply) => {
      try {
        const principal = await keys.identify(keyIn(headers));
        const report = read(await toText(body, headers['content-encoding']));
        const { graph: graphId, variant } = report;
        demand(principal, 'report', { graphId, variant });
        if (!current.isKnown(graphId)) throw new RegistryError('GRAPH_UNKNOWN', `There is no graph "${graphId}".`);
        if (!current.isKnown(graphId, variant))
          throw new RegistryError('VARIANT_UNKNOWN', `The graph "${graphId}" has no variant "${variant}".`);
        return await countReport(counting, report);
      } catch (error) {
        return refuse(reply, error);
      }
    });
  });
}

function keyIn({ 'x-api-key': key }: FastifyRequest['headers']): string | undefined {
  return Array.isArray(key) ? undefined : key;
}

/** @throws what is no refusal */
function refuse(reply: FastifyReply, error: unknown): FastifyReply {
  if (!(error instanceof RegistryError)) throw error;
  const { code, message } = error;
  return reply.code(STATUS[code] ?? 400).send({ error: { code, message } });
}

async function toText(body: unknown, encoding: string | undefined): Promise<string> {
  if (!(body instanceof Buffer)) throw new RegistryError('BAD_REQUEST', 'There is no report in the body.');
  if (encoding === undefined || encoding === 'identity') return body.toString('utf8');
  if (encoding !== 'gzip') throw new RegistryError('BAD_REQUEST', 'The body may be packed with gzip, or not at all.');
  try {
    return (await unpack(body, { maxOutputLength: UNPACKED_LIMIT_BYTES })).toString('utf8');
  } catch (error) {
    throw new RegistryError(
      'BAD_REQUEST',
      `The body cannot be unpacked, or to more than ${UNPACKED_LIMIT_BYTES} bytes.`,
      {
        cause: error,
      },
    );
  }
}

function read(text: string) {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RegistryError('BAD_REQUEST', 'The body is not JSON.', { cause: error });
  }
  const parsed = usageReportSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new RegistryError(
    'BAD_REQUEST',
    `The report is not as it should be: ${z.prettifyError(parsed.error).slice(0, 500)}`,
  );
}
