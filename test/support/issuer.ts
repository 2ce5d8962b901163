import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { Running } from '../../service/run.ts';

/** An issuer of access tokens for tests: a key of its own, published over HTTP as a JWK set (RFC 7517). */
export interface TestIssuer extends Running {
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  /** Gives tokens to the one client that it knows, by client credentials (RFC 6749 §4.4). */
  readonly tokenUrl: string;
  readonly client: { readonly id: string; readonly secret: string };
  /** How many tokens the client has got. */
  readonly countTokens: () => number;
  /** Signs a token that a service with this issuer's options accepts, unless told otherwise. */
  readonly token: (options: TestTokenOptions) => Promise<string>;
}

export interface TestTokenOptions {
  readonly subject: string;
  readonly scopes?: readonly string[];
  /** Claims beside the usual ones, or in their place. */
  readonly claims?: JWTPayload;
  readonly issuer?: string;
  readonly audience?: string;
  /** From now, in seconds; negative for a token that has expired. 300 by default. */
  readonly expiresInS?: number;
  /** The `kid` of the header, to name a key that is not published. */
  readonly keyId?: string;
}

const ALGORITHM = 'ES256';
const LIFETIME_S = 300;
const KEY_ID = 'test-key';
const CLIENT = { id: 'orders', secret: 'a secret: with + signs & more' };

/** Starts an issuer on a free port. */
export async function startIssuer(): Promise<TestIssuer> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM);
  const keys = [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: ALGORITHM, use: 'sig' }];
  let tokens = 0;
  const server = createServer(async (request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url !== '/oauth/token') {
      response.end(JSON.stringify({ keys }));
      return;
    }
    const form = new URLSearchParams(await text(request));
    if (request.headers.authorization !== `Basic ${basic(CLIENT)}` || form.get('grant_type') !== 'client_credentials') {
      response.writeHead(401).end(JSON.stringify({ error: 'invalid_client' }));
      return;
    }
    tokens++;
    const scopes = (form.get('scope') ?? '').split(' ');
    const access_token = await token({ subject: `service:${CLIENT.id}`, scopes });
    response.end(JSON.stringify({ access_token, token_type: 'Bearer', expires_in: LIFETIME_S }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ours = { issuer: origin, audience: 'tributary-test' };

  async function token(options: TestTokenOptions): Promise<string> {
    const { subject, scopes = [], claims = {}, issuer, audience, expiresInS = LIFETIME_S, keyId = KEY_ID } = options;
    const now = Math.floor(Date.now() / 1_000);
    return new SignJWT({ scope: scopes.join(' '), ...claims })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'at+jwt', kid: keyId })
      .setSubject(subject)
      .setIssuer(issuer ?? ours.issuer)
      .setAudience(audience ?? ours.audience)
      .setIssuedAt(now)
      .setExpirationTime(now + expiresInS)
      .sign(privateKey);
  }

  return {
    ...ours,
    jwksUrl: `${origin}/.well-known/jwks.json`,
    tokenUrl: `${origin}/oauth/token`,
    client: CLIENT,
    countTokens: () => tokens,
    token,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The options by which a gateway trusts an issuer. @param name its own in the configuration */
export function trusting({ issuer, audience, jwksUrl }: Trusted, name = 'TEST'): Record<string, string> {
  const prefix = `GATEWAY_AUTHENTICATION_ISSUERS_${name}`;
  return { [`${prefix}_ISSUER`]: issuer, [`${prefix}_AUDIENCES`]: audience, [`${prefix}_JWKS_URL`]: jwksUrl };
}

type Trusted = Pick<TestIssuer, 'issuer' | 'audience' | 'jwksUrl'>;

/** Both halves are form-encoded before they are put together (RFC 6749 §2.3.1). */
function basic({ id, secret }: TestIssuer['client']): string {
  return Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64');
}
