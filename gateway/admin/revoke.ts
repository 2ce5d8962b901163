import type { FastifyInstance } from 'fastify';
import { GatewayError } from '../errors.ts';
import { RevocationError, readRevocations } from '../guard/revocation.ts';
import type { Revocations } from '../guard/revocations.ts';
import { StoreError } from '../store/store.ts';
import { requireKey } from './require-key.ts';

export interface Revoking {
  /** What a request has to bring: `authorization: Bearer KEY`. */
  readonly key: string;
  readonly add: Revocations['add'];
  /** Those whose tokens are accepted. */
  readonly issuers: ReadonlySet<string>;
}

/**
 * `POST /revoke`: `[{ "issuer": "https://login.example", "jti": "…" }, { "issuer": "…", "subject": "ada" }, …]`. 200 when the store has
 * it: no gateway accepts what it names for longer than `authentication.revocation.checkEveryMs` from then. 503 when the store cannot take
 * it: to be sent again.
 */
export function serveRevocation(app: FastifyInstance, current: () => Revoking): void {
  app.post('/revoke', async ({ headers, body }, reply) => {
    const { key, add, issuers } = current();
    requireKey(headers, key, 'authentication.revocation.key');
    const revocations = read(body, issuers);
    try {
      await add(revocations);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return reply.code(503).header('retry-after', '1').send({ accepted: 0, status: 'send again' });
    }
    return { accepted: revocations.length };
  });
}

function read(body: unknown, issuers: ReadonlySet<string>) {
  try {
    return readRevocations(JSON.parse(String(body ?? '')), issuers, Date.now());
  } catch (error) {
    const message =
      error instanceof RevocationError ? error.message : 'The body must be JSON: [{ "issuer": "…", "jti": "…" }, …].';
    throw new GatewayError('BAD_REQUEST', message, { cause: error });
  }
}
