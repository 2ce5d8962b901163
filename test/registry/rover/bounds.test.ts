import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN_KEY, type RoverRegistry, startRoverRegistry } from '../support/rover-registry.ts';
import { USERS } from '../support/shop.ts';

const LINT = 'mutation ($sdl: String!) { graph(id: "shop") { lintSchema(sdl: $sdl) { stats { errorsCount } } } }';

/** Takes seconds to compose. */
const LARGE = `type Query { t0: T0 }\n${Array.from({ length: 1_000 }, (_, index) => `type T${index} { a: Int, next: T${(index + 1) % 1_000} }`).join('\n')}`;

const composeAt = async (url: string, body: string, signal: AbortSignal | null = null): Promise<string> => {
  const headers = { 'content-type': 'application/yaml', 'x-api-key': ADMIN_KEY };
  return (await fetch(`${url}/compose`, { method: 'POST', headers, body, signal })).text();
};

/** Announces a body, and sends none of it. @returns what is answered to that */
function announce(url: string, headers: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', headers: { 'content-length': '60000000', ...headers } });
    call.on('error', reject).on('response', async (response) => {
      const text = (await response.toArray()).join('');
      call.destroy();
      resolve(text);
    });
    call.flushHeaders();
  });
}

describe('work for rover that is not a publish', () => {
  let registry: RoverRegistry;
  beforeAll(async () => {
    registry = await startRoverRegistry({ composition: { queueLength: 1 } });
    await registry.publish('shop@current', 'users', USERS);
  });
  afterAll(() => registry.close());

  it('holds up no publish, however much of it waits', async () => {
    const yaml = `subgraphs:\n  a:\n    routing_url: http://a.test\n    schema:\n      sdl: ${JSON.stringify(LARGE)}\n`;
    const gone = new AbortController();
    const composing = Array.from({ length: 4 }, () => composeAt(registry.url, yaml, gone.signal));
    expect(await Promise.race(composing)).toContain('Too many schemas are waiting already');
    const { exitCode } = await registry.publish('shop@current', 'users', USERS.replace('name: String', 'nick: String'));
    expect(exitCode).toBe(0);
    gone.abort();
    await Promise.allSettled(composing);
  });

  it('is not asked for many times in one request', async () => {
    const many = Array.from({ length: 50 }, (_, number) => `l${number}: lintSchema(sdl: "") { stats { errorsCount } }`);
    await expect(registry.ask(`mutation { graph(id: "shop") { ${many.join(' ')} } }`)).rejects.toThrow(
      'The request comes to 50 aliases; the registry takes 10 at most.',
    );
  });

  it('is no check against lists of thousands', async () => {
    const input = {
      ...{ subgraphName: 'users', proposedSchema: USERS, isSandbox: false, gitContext: {} },
      config: { ignoredOperations: Array.from({ length: 101 }, String) },
    };
    const checking = registry.ask(
      `mutation ($input: SubgraphCheckAsyncInput!) { graph(id: "shop") { variant(name: "current") {
        submitSubgraphCheckAsync(input: $input) { __typename } } } }`,
      { input },
    );
    await expect(checking).rejects.toThrow('ignoredOperations has 101 items; a check takes 100 at most.');
  });

  it.each([
    ['/compose', { 'content-type': 'application/yaml' }],
    ['/graphql', { 'content-type': 'application/json' }],
    ['/', { 'content-type': 'application/json' }],
    ['/usage', { 'content-type': 'application/json' }],
  ])('reads no large body of nobody at %s', async (path, headers) => {
    expect(await announce(`${registry.url}${path}`, { ...headers, 'x-api-key': 'nobody' })).toContain(
      'There is no API key',
    );
  });
});

describe('work for rover that takes long', () => {
  let registry: RoverRegistry;
  beforeAll(async () => {
    registry = await startRoverRegistry({ composition: { timeoutMs: 1 } });
  });
  afterAll(() => registry.close());

  it('is done in a thread when it is lint', async () => {
    await expect(registry.ask(LINT, { sdl: USERS })).rejects.toThrow('It took too long (composition.timeoutMs).');
  });

  it('is done in a thread when it is YAML', async () => {
    expect(await composeAt(registry.url, '{')).toContain('It took too long (composition.timeoutMs).');
  });
});
