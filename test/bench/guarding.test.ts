import { afterAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { gatewayConfig } from '../../gateway/config.ts';
import { readConfig } from '../../service/config.ts';
import { guardEnvironment } from './guarding.ts';
import { closeIssuer, issuerOfRun } from './issuer.ts';

const read = async (guarding: 'off' | 'slices' | 'calls') =>
  readConfig({ schema: gatewayConfig, prefix: 'GATEWAY', environment: await guardEnvironment('ours', guarding) });

describe('the guard of a gateway that is measured', () => {
  afterAll(() => closeIssuer());

  it('is off altogether, or on with everything that it has', async () => {
    const off = await read('off');
    expect([off.cost.mode, off.authentication.issuers, off.rateLimit.sets]).toEqual(['off', {}, {}]);
    const { jwksUrl } = await issuerOfRun();
    for (const guarding of ['slices', 'calls'] as const) {
      const { cost, authentication, rateLimit } = await read(guarding);
      expect(cost.mode).toBe('enforce');
      expect(authentication.issuers.bench?.jwksUrl).toBe(jwksUrl);
      expect(Object.values(rateLimit.sets.people?.rules ?? {}).map(({ unit }) => unit)).toEqual(['requests', 'cost']);
      // A store that is away is to be seen, not to be measured.
      expect(rateLimit.sets.people?.onStoreFailure).toBe('closed');
    }
  });

  it('has a rule of which nothing can be taken ahead, where each request is to be a call', async () => {
    const limits = await Promise.all((['slices', 'calls'] as const).map(read));
    const taken = limits.map(({ rateLimit }) => Math.floor((rateLimit.sets.people?.rules.requests?.limit ?? 0) / 200));
    expect(taken).toEqual([500, 0]);
  });

  it('knows a hundred people by as many tokens, and none of those who forge them', async () => {
    const { tokens, forge } = await issuerOfRun();
    expect(new Set(tokens.map((token) => decodeJwt(token).sub)).size).toBe(100);
    const forged = await forge(3);
    expect(new Set([...tokens, ...forged]).size).toBe(103);
    const keysOf = (token: string) => Buffer.from(token.split('.')[0] ?? '', 'base64url').toString();
    expect(keysOf(forged[0] ?? '')).toBe(keysOf(tokens[0] ?? ''));
  });
});
