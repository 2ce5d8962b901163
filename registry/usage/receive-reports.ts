import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Keys } from '../access/keys.ts';
import { demand, type Principal } from '../access/principal.ts';
import type { CurrentSupergraphs } from '../current/current.ts';
import { RegistryError, type RegistryErrorCode } from '../errors.ts';

/** A kind of report that gateways send. */
export interface ReportRoute<Report> {
  readonly path: string;
  readonly schema: z.ZodType<Report>;
  /** Largest report, in bytes: as it comes, and unpacked. */
  readonly bodyLimitBytes: number;
  readonly unpackedLimitBytes: number;
  /** @returns what is answered @throws {RegistryError} */
  readonly take: (report: Report, principal: Principal) => Promise<unknown>;
}

const STATUS: Partial<Record<RegistryErrorCode, number>> = {
  KEY_INVALID: 401,
  ACCESS_DENIED: 403,
  GRAPH_UNKNOWN: 404,
  VARIANT_UNKNOWN: 404,
  DATABASE_UNAVAILABLE: 503,
};

const unpack = promisify(gunzip);

/** Takes reports in JSON, packed with gzip or not, from whoever has a key. 400 says that one will never be taken, others that it may be sent again. */
export function receiveReports<Report>(
  app: FastifyInstance,
  keys: Pick<Keys, 'identify'>,
  { path, schema, bodyLimitBytes, unpackedLimitBytes, take }: ReportRoute<Report>,
): void {
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
    scope.post(path, { bodyLimit: bodyLimitBytes }, async ({ headers, body }, reply) => {
      try {
        const principal = await keys.identify(keyIn(headers));
        if (principal === undefined) throw new RegistryError('KEY_INVALID');
        const report = read(schema, await toText(body, headers['content-encoding'], unpackedLimitBytes));
        return await take(report, principal);
      } catch (error) {
        return refuse(reply, error);
      }
    });
  });
}

/** That a key may report of a variant, which is there. @throws {RegistryError} ACCESS_DENIED, GRAPH_UNKNOWN, VARIANT_UNKNOWN */
export function demandReportable(
  principal: Principal,
  current: CurrentSupergraphs,
  { graph: graphId, variant }: { readonly graph: string; readonly variant: string },
): void {
  demand(principal, 'report', { graphId, variant });
  if (!current.isKnown(graphId)) throw new RegistryError('GRAPH_UNKNOWN', `There is no graph "${graphId}".`);
  if (!current.isKnown(graphId, variant))
    throw new RegistryError('VARIANT_UNKNOWN', `The graph "${graphId}" has no variant "${variant}".`);
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

async function toText(body: unknown, encoding: string | undefined, limitBytes: number): Promise<string> {
  if (!(body instanceof Buffer)) throw new RegistryError('BAD_REQUEST', 'There is no report in the body.');
  if (encoding === undefined || encoding === 'identity') return body.toString('utf8');
  if (encoding !== 'gzip') throw new RegistryError('BAD_REQUEST', 'The body may be packed with gzip, or not at all.');
  try {
    return (await unpack(body, { maxOutputLength: limitBytes })).toString('utf8');
  } catch (error) {
    throw new RegistryError('BAD_REQUEST', `The body cannot be unpacked, or to more than ${limitBytes} bytes.`, {
      cause: error,
    });
  }
}

function read<Report>(schema: z.ZodType<Report>, text: string): Report {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RegistryError('BAD_REQUEST', 'The body is not JSON.', { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new RegistryError(
    'BAD_REQUEST',
    `The report is not as it should be: ${z.prettifyError(parsed.error).slice(0, 500)}`,
  );
}
