import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAddressBound } from '../../../gateway/guard/address-bound.ts';
import { type ControlledSubgraph, startControlledSubgraph } from '../../support/controlled-subgraph.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import { until } from '../../support/until.ts';

describe('the bound of an address', () => {
  it('counts each address by itself, and anew in each second', () => {
    let now = 0;
    const bound = createAddressBound(2, () => now);
    const isTaken = (address: string) => {
      try {
        bound?.(address);
        return true;
      } catch {
        return false;
      }
    };
    expect(['a', 'a', 'a', 'b', 'a'].map(isTaken)).toEqual([true, true, false, true, false]);
    now = 999;
    expect(isTaken('a')).toBe(false);
    now = 1_000;
    expect(['a', 'a', 'a'].map(isTaken)).toEqual([true, true, false]);
  });

  it('is none when it is 0', () => {
    expect(createAddressBound(0)).toBeUndefined();
  });

  describe('at the gateway', () => {
    let subgraph: ControlledSubgraph;
    let gateway: TestGateway;

    beforeAll(async () => {
      subgraph = await startControlledSubgraph({
        name: 'one',
        sdl: 'type Query { hello: String }',
        resolvers: { Query: { hello: () => 'hello' } },
      });
      gateway = await startTestGateway([subgraph.schema], {
        GATEWAY_RATE_LIMIT_ADDRESS_REQUESTS_PER_S: '3',
        GATEWAY_HTTP_TRUSTED_PROXIES: '127.0.0.0/8',
        GATEWAY_HTTP_BODY_LIMIT_BYTES: '1000',
        GATEWAY_HTTP_CORS_ORIGINS: 'https://shop.example',
      });
    });
    afterAll(async () => {
      await gateway.close();
      await subgraph.close();
    });

    it('refuses before anything is read, one client and not its neighbour', async () => {
      // Too large, not GraphQL, and elsewhere: had anything been looked at, it would be said.
      const send = (client: string) =>
        fetch(`${gateway.url}/nowhere`, {
          method: 'POST',
          headers: { 'x-forwarded-for': client },
          body: 'x'.repeat(2_000),
        });
      // Ten at once, until so many of them come within one second that some are refused.
      await until(async () => {
        const answers = await Promise.all(Array.from({ length: 10 }, () => send('203.0.113.1')));
        const statuses = new Set(answers.map(({ status }) => status));
        expect([...statuses].every((status) => status === 429 || status === 413 || status === 404)).toBe(true);
        return statuses.has(429);
      });
      const { status, headers, body } = await gateway.query('{ hello }', {
        headers: { 'x-forwarded-for': '203.0.113.2' },
      });
      expect([status, body]).toEqual([200, { data: { hello: 'hello' } }]);
      expect(headers.get('retry-after')).toBeNull();
    });

    it('says what it is and when to come again', async () => {
      const headers = { 'x-forwarded-for': '203.0.113.3', origin: 'https://shop.example' };
      const refused = await until(async () => {
        const asking = Array.from({ length: 10 }, () => gateway.query('{ hello }', { headers }));
        return (await Promise.all(asking)).find(({ status }) => status === 429);
      });
      expect(refused.headers.get('retry-after')).toBe('1');
      // To pages of other origins, too, and with what every response says to browsers.
      expect(refused.headers.get('access-control-allow-origin')).toBe('https://shop.example');
      expect(refused.headers.get('x-content-type-options')).toBe('nosniff');
      expect(refused.body.errors).toEqual([
        {
          message: 'The gateway takes 3 requests in a second from one address.',
          extensions: {
            code: 'RATE_LIMITED',
            rule: 'address',
            limit: 3,
            windowS: 1,
            unit: 'requests',
            retryAfterS: 1,
          },
        },
      ]);
    });
  });
});
