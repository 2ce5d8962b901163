import { expect, it } from '@jest/globals';
import { gatewayConfig } from '../../gateway/config.ts';
import { ConfigError, readConfig } from '../../service/config.ts';

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

it('wants issuer and keys together', () => {
  expect(() => read({ GATEWAY_TOKEN_ISSUER: 'https://issuer.example' })).toThrow(ConfigError);
});
