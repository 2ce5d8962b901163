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

it.each([
  ['issuer: 5, audiences: [shop]', /idp\.issuer: must be text/],
  ['issuer: "https://idp.example", audiences: shop', /idp\.audiences: must be a list/],
  ['issuer: "https://idp.example", audiences: [shop], cookie: "a;b"', /idp\.cookie: must be the name of a cookie/],
])('says what an issuer { %s } has wrong', (issuer, message) => {
  expect(() => read({ GATEWAY_AUTHENTICATION_ISSUERS: `{ idp: { ${issuer} } }` })).toThrow(message);
});

it.each([
  'AUTHORIZATION_POLICY_TIMEOUT_MS',
  'CACHE_L1_MAX_STALE_MS',
  'CACHE_REDIS_READ_TIMEOUT_MS',
  'CACHE_REDIS_WRITE_TIMEOUT_MS',
  'OPERATIONS_WARM_UP_TIMEOUT_MS',
  'PERSISTED_SAFELIST_POLL_INTERVAL_MS',
  'PLANNING_TIMEOUT_MS',
  'RATE_LIMIT_TIMEOUT_MS',
  'SHUTDOWN_TIMEOUT_MS',
  'SUPERGRAPH_POLL_INTERVAL_MS',
  'UPSTREAM_DEFAULTS_TIMEOUT_MS',
  'UPSTREAM_ORDERS_TIMEOUT_MS',
])('takes no %s for which a timer would end at once', (name) => {
  expect(() => read({ [`GATEWAY_${name}`]: '2147483648' })).toThrow(/must be at most 2147483647 \(24 days\)/);
  expect(() => read({ [`GATEWAY_${name}`]: '2147483647' })).not.toThrow();
});

it('takes the null of YAML for what becomes of unauthorised fields', () => {
  expect(gatewayConfig.parse({ authorization: { unauthorized: null } }).authorization.unauthorized).toBe('null');
  expect(() => read({ GATEWAY_AUTHORIZATION_UNAUTHORIZED: 'hide' })).toThrow(/must be one of null, refuse/);
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
