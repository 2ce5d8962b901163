import { createServer, type Server, type ServerResponse } from 'node:http';
import { exportJWK, type GenerateKeyPairResult, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import type { Running } from '../../service/run.ts';
import { freePort } from './free-port.ts';

/** An issuer whose keys come and go, which counts who asks for them, and can be away, fail, or say nothing. */
export interface KeyServer extends Running {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  /** How often each path was asked for. */
  readonly fetches: { jwks: number; discovery: number };
  answer: 'keys' | 'failure' | 'silence' | 'nonsense';
  /** What its OpenID configuration says instead of what is right. */
  discovery: Record<string, unknown>;
  /** Makes a key; it is not published yet. @param kid the same one may be another issuer's, too */
  addKey(kid: string | undefined, algorithm?: string, modulusLength?: number): Promise<TestKey>;
  publish(...keys: readonly TestKey[]): void;
  /** A token that is right unless it is told otherwise. */
  token(key: TestKey, claims?: JWTPayload, header?: Record<string, unknown>): Promise<string>;
  /** Stops listening; `listen` has it back, under the same address. */
  stop(): Promise<void>;
  listen(): Promise<void>;
}

export interface TestKey {
  readonly jwk: JWK;
  readonly algorithm: string;
  readonly pair: GenerateKeyPairResult;
}

/** @param isUp whether it listens from the start */
export async function startKeyServer(isUp = true): Promise<KeyServer> {
  const issuer = `http://127.0.0.1:${await freePort()}`;
  let published: readonly JWK[] = [];
  let server: Server | undefined;

  function answer(path: string | undefined, response: ServerResponse): void {
    const isDiscovery = path === '/.well-known/openid-configuration';
    keyServer.fetches[isDiscovery ? 'discovery' : 'jwks']++;
    if (keyServer.answer === 'silence') return;
    const body = isDiscovery ? { issuer, jwks_uri: `${issuer}/keys`, ...keyServer.discovery } : { keys: published };
    response.writeHead(keyServer.answer === 'failure' ? 500 : 200, { 'content-type': 'application/json' });
    response.end(keyServer.answer === 'nonsense' ? '{"keys": "none"}' : JSON.stringify(body));
  }

  async function stop(): Promise<void> {
    const stopping = server;
    server = undefined;
    if (stopping === undefined) return;
    const closed = new Promise((resolve) => stopping.close(resolve));
    stopping.closeAllConnections();
    await closed;
  }

  const keyServer: KeyServer = {
    issuer,
    audience: 'shop',
    jwksUrl: `${issuer}/keys`,
    fetches: { jwks: 0, discovery: 0 },
    answer: 'keys',
    discovery: {},
    addKey: async (kid, algorithm = 'ES256', modulusLength = 2_048) => {
      const pair = await generateKeyPair(algorithm, { extractable: true, modulusLength });
      return {
        jwk: { ...(await exportJWK(pair.publicKey)), ...(kid !== undefined && { kid }), use: 'sig' },
        algorithm,
        pair,
      };
    },
    publish: (...keys) => {
      published = keys.map(({ jwk }) => jwk);
    },
    token: ({ jwk: { kid }, algorithm, pair }, claims = {}, header = {}) => {
      const now = Math.floor(Date.now() / 1_000);
      const usual = { sub: 'ada', iss: issuer, aud: keyServer.audience, iat: now, exp: now + 300 };
      return new SignJWT({ ...usual, ...claims })
        .setProtectedHeader({ alg: algorithm, ...(kid !== undefined && { kid }), ...header })
        .sign(pair.privateKey);
    },
    stop,
    listen: async () => {
      const started = createServer((request, response) => answer(request.url, response));
      server = started;
      await new Promise<void>((resolve, reject) => {
        started.once('error', reject);
        started.listen(Number(new URL(issuer).port), '127.0.0.1', resolve);
      });
    },
    close: stop,
  };
  if (isUp) await keyServer.listen();
  return keyServer;
}
