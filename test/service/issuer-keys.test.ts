import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createIssuerKeys } from '../../service/issuer-keys.ts';
import { createTokenVerifier, type VerifyToken } from '../../service/tokens.ts';
import { startIssuer, type TestIssuer } from '../support/issuer.ts';
import { startRawServer } from '../support/raw-server.ts';
import { until } from '../support/until.ts';

const HOUR_MS = 3_600_000;

describe('the keys of an issuer', () => {
  let issuer: TestIssuer;
  let nowMs: number;

  beforeEach(async () => {
    issuer = await startIssuer();
    nowMs = 0;
  });
  afterEach(() => issuer.close());

  const verifierOf = (url: string): VerifyToken =>
    createTokenVerifier({ ...issuer, keys: createIssuerKeys(new URL(url), { now: () => nowMs }).find });

  /** Publishes the issuer's keys, counts who asks for them, and can be made to fail or to say nothing. */
  const startPublisher = async () => {
    const published = await (await fetch(issuer.jwksUrl)).text();
    const state = { requests: 0, answer: 'keys' as 'keys' | 'no keys' | 'failure' | 'silence' };
    const server = await startRawServer((_request, response) => {
      state.requests++;
      if (state.answer === 'silence') return;
      response.writeHead(state.answer === 'failure' ? 500 : 200);
      response.end(state.answer === 'keys' ? published : '{ "keys": [] }');
    });
    return { ...server, state };
  };

  it('stay in use for as long as the issuer is away', async () => {
    const verify = verifierOf(issuer.jwksUrl);
    const token = await issuer.token({ subject: 'ada' });
    await verify(token);
    await issuer.close();
    for (nowMs = HOUR_MS; nowMs < 5 * HOUR_MS; nowMs += HOUR_MS)
      expect(await verify(token)).toMatchObject({ subject: 'ada' });
    issuer = await startIssuer();
  });

  it('are refreshed when they are old, and no request waits for that', async () => {
    const { state, url, close } = await startPublisher();
    const verify = verifierOf(url);
    const token = await issuer.token({ subject: 'ada' });
    await verify(token);
    await verify(token);
    expect(state.requests).toBe(1);
    nowMs = HOUR_MS;
    state.answer = 'silence';
    expect(await verify(token)).toMatchObject({ subject: 'ada' });
    await until(() => state.requests === 2);
    await close();
  });

  it('are no longer accepted once the issuer has withdrawn them', async () => {
    const { state, url, close } = await startPublisher();
    const verify = verifierOf(url);
    const token = await issuer.token({ subject: 'ada' });
    await verify(token);
    nowMs = HOUR_MS;
    state.answer = 'no keys';
    const refused = () =>
      verify(token).then(
        () => undefined,
        (error: { fault: string }) => error.fault,
      );
    expect(await until(refused)).toBe('unknown key');
    await close();
  });

  it('are asked for again on an unknown key, at most every five seconds', async () => {
    const { state, url, close } = await startPublisher();
    const verify = verifierOf(url);
    await verify(await issuer.token({ subject: 'ada' }));
    const unknown = await issuer.token({ subject: 'ada', keyId: 'never-published' });
    nowMs += 5_000;
    for (let count = 0; count < 3; count++)
      await expect(verify(unknown)).rejects.toMatchObject({ fault: 'unknown key' });
    expect(state.requests).toBe(2);
    state.answer = 'failure';
    nowMs += 5_000;
    for (let count = 0; count < 3; count++)
      await expect(verify(unknown)).rejects.toMatchObject({ fault: 'keys unavailable' });
    expect(state.requests).toBe(3);
    await close();
  });
});
