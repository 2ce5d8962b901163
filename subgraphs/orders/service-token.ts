import { z } from 'zod';
import type { Log } from '../../service/logs.ts';
import { codedError } from '../errors.ts';
import type { OrdersConfig } from './config.ts';

/** A token by which this service speaks for itself. */
export interface ServiceToken {
  /** @throws a coded SERVICE_UNAVAILABLE when none can be had */
  get(): Promise<string>;
  /** Forgets the token: it was refused. */
  drop(): void;
}

export interface ServiceTokenOptions {
  readonly client: OrdersConfig['client'];
  readonly scope: string;
  readonly timeoutMs: number;
  readonly now: () => Date;
  readonly log: Log;
}

const reply = z.object({ access_token: z.string(), expires_in: z.number().positive() });

/** A token is fetched anew so long before it expires: it must outlast the request it goes with. */
const MARGIN_MS = 30_000;

/** The client credentials grant (RFC 6749 §4.4), its token kept until shortly before it expires, with one request in flight. */
export function createServiceToken({ client, scope, timeoutMs, now, log }: ServiceTokenOptions): ServiceToken {
  let current: { readonly token: Promise<string>; expiresAt: number } | undefined;

  async function fetchToken(): Promise<{ token: string; expiresAt: number }> {
    if (client.secret === undefined) throw unavailable('ORDERS_CLIENT_SECRET is not set');
    const credentials = `${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`;
    try {
      const response = await fetch(client.tokenUrl, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (!response.ok) throw new Error(`the issuer answered with status ${response.status}`);
      const { access_token: token, expires_in: lifetimeS } = reply.parse(await response.json());
      return { token, expiresAt: now().getTime() + lifetimeS * 1_000 - MARGIN_MS };
    } catch (error) {
      log.warn({ err: error, tokenUrl: client.tokenUrl }, 'got no token for this service');
      throw unavailable(error);
    }
  }

  return {
    get() {
      if (current !== undefined && current.expiresAt > now().getTime()) return current.token;
      const fetched = fetchToken();
      const entry = { token: fetched.then(({ token }) => token), expiresAt: Number.POSITIVE_INFINITY };
      current = entry;
      fetched.then(
        ({ expiresAt }) => {
          entry.expiresAt = expiresAt;
        },
        () => {
          if (current === entry) current = undefined;
        },
      );
      return entry.token;
    },
    drop() {
      current = undefined;
    },
  };
}

function unavailable(cause: unknown) {
  const error = codedError(
    'SERVICE_UNAVAILABLE',
    'Orders cannot be placed at the moment: this service gets no token of its own.',
    { service: 'users' },
  );
  error.cause = cause;
  return error;
}
