import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError, listOptions, readConfig } from '../../service/config.ts';

const schema = z.strictObject({
  http: z
    .strictObject({
      port: z.int().min(0).max(65_535).default(4000).describe('The port.'),
      origins: z.array(z.string()).default([]),
      secure: z.boolean().default(false),
    })
    .prefault({}),
  upstream: z
    .record(z.string(), z.strictObject({ urls: z.array(z.url()).optional(), timeoutMs: z.int().optional() }))
    .default({}),
  redis: z.strictObject({ url: z.string().optional() }).prefault({}),
});

describe('the configuration', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-config-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  const read = (
    yaml: string | undefined,
    environment: Record<string, string> = {},
    flags: Record<string, string> = {},
  ) => {
    const file = join(directory, 'options.yaml');
    if (yaml !== undefined) writeFileSync(file, yaml);
    return readConfig({ schema, prefix: 'GATEWAY', environment, flags, file: yaml === undefined ? undefined : file });
  };

  const problemsOf = (attempt: () => unknown) => {
    try {
      attempt();
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
    return [];
  };

  it('is read from defaults, file, environment and flags, each over the one before', () => {
    expect(read(undefined).http.port).toBe(4000);
    expect(read('http: { port: 1 }').http.port).toBe(1);
    expect(read('http: { port: 1 }', { GATEWAY_HTTP_PORT: '2' }).http.port).toBe(2);
    expect(read('http: { port: 1 }', { GATEWAY_HTTP_PORT: '2' }, { 'http.port': '3' }).http.port).toBe(3);
  });

  it('takes lists, truth values and maps from the environment', () => {
    const config = read(undefined, {
      GATEWAY_HTTP_ORIGINS: 'https://a.example, https://b.example',
      GATEWAY_HTTP_SECURE: 'true',
      GATEWAY_UPSTREAM_ORDERS_URLS: 'http://one:1,http://two:2',
      GATEWAY_UPSTREAM_ORDERS_TIMEOUT_MS: '250',
      REDIS_URL: 'redis://here',
    });
    expect(config.http).toEqual({ port: 4000, origins: ['https://a.example', 'https://b.example'], secure: true });
    expect(config.upstream).toEqual({ orders: { urls: ['http://one:1', 'http://two:2'], timeoutMs: 250 } });
    expect(config.redis.url).toBe('redis://here');
  });

  it('reports all problems at once, each with its path, and where a wrong value came from', () => {
    const problems = problemsOf(() =>
      read('http: { port: http, potr: 1 }\nredsi: {}', { GATEWAY_HTTP_SECURE: 'perhaps' }),
    );
    expect(problems.map(({ path }) => path).sort()).toEqual(
      [expect.stringMatching(/options\.yaml$/), 'http', 'http.port', 'http.secure (GATEWAY_HTTP_SECURE)'].sort(),
    );
    expect(problems.find(({ path }) => path === 'http')?.message).toContain('unknown option "potr"');
  });

  it('names a file that is not there, and YAML that does not parse', () => {
    const missing = problemsOf(() =>
      readConfig({ schema, prefix: 'GATEWAY', environment: {}, file: join(directory, 'none.yaml') }),
    );
    expect(missing).toEqual([{ path: join(directory, 'none.yaml'), message: expect.stringContaining('ENOENT') }]);
    expect(problemsOf(() => read('http: [1, '))[0]?.message).toContain('is not valid YAML');
  });

  it('cannot be changed once it is read', () => {
    const config = read(undefined);
    expect(() => Object.assign(config.http, { port: 1 })).toThrow(TypeError);
  });

  it('lists the options of the groups of a map', () => {
    const inner = listOptions(schema, 'GATEWAY').find(({ path }) => path === 'upstream.NAME.timeoutMs');
    expect(inner).toMatchObject({ environment: 'GATEWAY_UPSTREAM_NAME_TIMEOUT_MS', type: 'number' });
  });

  it('lists its options with names, defaults and descriptions', () => {
    expect(listOptions(schema, 'GATEWAY')[0]).toEqual({
      path: 'http.port',
      environment: 'GATEWAY_HTTP_PORT',
      type: 'number',
      default: '4000',
      description: 'The port.',
    });
  });
});
