import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { Running } from '../../service/run.ts';

/** An issuer of access tokens for tests: a key of its own, published over HTTP as a JWK set (RFC 7517). */
export interface TestIssuer extends Running {
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
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
const KEY_ID = 'test-key';

/** Starts an issuer on a free port. */
export async function startIssuer(): Promise<TestIssuer> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM);
  const keys = [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: ALGORITHM, use: 'sig' }];
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ours = { issuer: origin, audience: 'tributary-test' };
  return {
    ...ours,
    jwksUrl: `${origin}/.well-known/jwks.json`,
    token: ({ subject, scopes = [], claims = {}, issuer, audience, expiresInS = 300, keyId = KEY_ID }) => {
      const now = Math.floor(Date.now() / 1_000);
      return new SignJWT({ scope: scopes.join(' '), ...claims })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'at+jwt', kid: keyId })
        .setSubject(subject)
        .setIssuer(issuer ?? ours.issuer)
        .setAudience(audience ?? ours.audience)
        .setIssuedAt(now)
        .setExpirationTime(now + expiresInS)
        .sign(privateKey);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
