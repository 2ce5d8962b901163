import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Running } from '../../../service/run.ts';
import { freePort } from '../../support/free-port.ts';

/** An issuer of tokens for services that trust someone else's: a real key, published at a real address. */
export interface TokenIssuer extends Running {
  /** For `token.jwksUrl`; issuer and audience are the defaults of `serviceConfig`. */
  readonly jwksUrl: string;
  readonly issue: (subject: string, ...scopes: string[]) => Promise<string>;
}

export async function startTokenIssuer(): Promise<TokenIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256', use: 'sig' }];
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    jwksUrl: `http://127.0.0.1:${port}/jwks.json`,
    issue: (subject, ...scopes) =>
      new SignJWT({ scope: scopes.join(' ') })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'test' })
        .setIssuer('http://localhost:4101')
        .setAudience('tributary')
        .setSubject(subject)
        .setIssuedAt()
        .setExpirationTime('5 min')
        .sign(privateKey),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
