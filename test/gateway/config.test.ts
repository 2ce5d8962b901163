import { expect, it } from '@jest/globals';
import { gatewayConfig } from '../../gateway/config.ts';
import { readConfig } from '../../service/config.ts';

const read = (environment: Record<string, string>) =>
  readConfig({ schema: gatewayConfig, prefix: 'GATEWAY', environment });

it('has a working default for everything', () => {
  expect(read({})).toMatchObject({
    http: { port: 4000 },
    admin: { host: '127.0.0.1', port: 4090 },
    supergraph: { source: 'compose' },
  });
});

it('refuses to forward headers that belong to one connection', () => {
  expect(() => read({ GATEWAY_HEADERS_FORWARD: 'x-tenant, Transfer-Encoding' })).toThrow(
    /headers\.forward\.1: is about one connection/,
  );
  expect(read({ GATEWAY_HEADERS_FORWARD: 'x-tenant' }).headers.forward).toEqual(['x-tenant']);
});

it.each([
  ['ISSUERS_IDP_ISSUER', 'https://idp.example', /issuers\.idp\.audiences: is missing/],
  ['ISSUERS_IDP_AUDIENCES', 'shop', /issuers\.idp\.issuer: is missing/],
  ['ISSUERS_IDP_ALGORITHMS', 'ES256,HS256', /issuers\.idp\.algorithms\.1.*: must be one of RS256/],
  ['ISSUERS', '{ idp: { issuer: idp, audiences: [shop] } }', /issuers\.idp\.jwksUrl: is needed/],
  [
    'ISSUERS',
    '{ idp: { issuer: urn:tributary:api-keys, audiences: [shop], jwksUrl: "https://a.example" } }',
    /API keys/,
  ],
  ['ISSUERS', '{ idp: { issuer: idp, audiences: [], jwksUrl: "https://a.example" } }', /must have at least one/],
  ['API_KEYS_BILLING_SHA256', 'the key itself', /apiKeys\.billing\.sha256\.0: must be the SHA-256/],
  ['REVOCATION_KEY', 'long enough to be one', /revocation\.key.*: is of no use without isEnabled/],
])('refuses authentication.%s=%s and says why', (name, text, message) => {
  expect(() => read({ [`GATEWAY_AUTHENTICATION_${name}`]: text })).toThrow(message);
});

it('wants proxies as addresses or ranges', () => {
  expect(() => read({ GATEWAY_HTTP_TRUSTED_PROXIES: '10.0.0.0/8, proxy.example' })).toThrow(
    /http\.trustedProxies\.1: must be an address or a range/,
  );
  expect(() => read({ GATEWAY_HTTP_TRUSTED_PROXIES: '10.0.0.0/8,::1,fd00::/8' })).not.toThrow();
});

it('reads sets of rate limits from the environment, in their order', () => {
  const sets =
    '{ b: { client: [identity], rules: { x: { limit: 1, windowS: 1 } } }, a: { client: [ip], rules: { x: { limit: 1, windowS: 1 } } } }';
  const { rateLimit } = read({ GATEWAY_RATE_LIMIT_SETS: sets, GATEWAY_RATE_LIMIT_SETS_A_ON_STORE_FAILURE: 'closed' });
  expect(Object.entries(rateLimit.sets).map(([name, { onStoreFailure }]) => [name, onStoreFailure])).toEqual([
    ['b', 'local'],
    ['a', 'closed'],
  ]);
});
