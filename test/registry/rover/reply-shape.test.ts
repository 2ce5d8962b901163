import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN_KEY, type RoverRegistry, startRoverRegistry } from '../support/rover-registry.ts';
import { USERS } from '../support/shop.ts';

describe('an answer to rover', () => {
  let registry: RoverRegistry;
  beforeAll(async () => {
    registry = await startRoverRegistry();
    await registry.publish('shop@current', 'users', USERS);
  });
  afterAll(() => registry.close());

  async function post(body: unknown, headers: Record<string, string> = { 'x-api-key': ADMIN_KEY }, path = '') {
    const response = await fetch(`${registry.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  const refusal = (message: string) =>
    expect.objectContaining({
      message: expect.stringContaining(message),
      extensions: expect.objectContaining({
        response: { body: { errors: [{ message: expect.stringContaining(message) }] } },
      }),
    });

  it('has no errors when there are none', async () => {
    const { status, body } = await post({ query: '{ me { id } }' });
    expect([status, body]).toEqual([200, { data: { me: { id: expect.stringMatching(/^administrator \(/) } } }]);
  });

  it('has status 200, a null root field and each message twice when something is refused', async () => {
    const { status, body } = await post({ query: '{ frontendUrlRoot graph(id: "shop") { title } }' }, {});
    expect(status).toBe(200);
    expect(body.data).toEqual({ frontendUrlRoot: registry.url, graph: null });
    expect(body.errors).toEqual([refusal('There is no API key')]);
  });

  it('makes the root field null for what fails below it, and leaves others', async () => {
    const key = await registry.createKey({ name: 'reader', graphId: 'shop', variant: 'current', verbs: ['read'] });
    const query = '{ graph(id: "shop") { title variant(name: "staging") { id } } me { id } }';
    const { body } = await post({ query }, { 'x-api-key': key });
    expect(body.data).toEqual({ graph: null, me: { id: 'shop' } });
    expect(body.errors).toEqual([refusal('may not read shop@staging')]);
  });

  it('has the same form for a document that is not valid, or none', async () => {
    const invalid = await post({
      query: 'query A { frontendUrlRoot here: graph(id: "shop") { nope } }',
      operationName: 'A',
    });
    expect(invalid.status).toBe(200);
    expect(invalid.body.data).toEqual({ frontendUrlRoot: registry.url, here: null });
    expect(invalid.body.errors).toEqual([refusal('Cannot query field "nope"')]);
    const unreadable = await post({ query: '{' });
    expect([unreadable.status, unreadable.body.data]).toEqual([200, {}]);
    const variables = await post({ query: 'query ($id: ID!) { graph(id: $id) { title } }', variables: {} });
    expect([variables.status, variables.body.data]).toEqual([200, { graph: null }]);
  });

  it('is given at / and at /graphql, for x-api-key and for a bearer token', async () => {
    for (const path of ['/', '/graphql']) {
      for (const headers of [
        { 'x-api-key': ADMIN_KEY },
        { authorization: `Bearer ${ADMIN_KEY.replaceAll(' ', '-')}` },
      ]) {
        const { body } = await post({ query: '{ me { id } }' }, headers as Record<string, string>, path);
        expect(body.errors).toBeUndefined();
      }
    }
    const key = await registry.createKey({ name: 'bearer', verbs: ['read'] });
    expect((await post({ query: '{ me { id } }' }, { authorization: `Bearer ${key}` })).body).toEqual({
      data: { me: { id: expect.stringMatching(/^bearer \(/) } },
    });
  });

  it('says that a text cannot be kept', async () => {
    const query = 'mutation { graph(id: "shop") { createPersistedQueryList(name: "a\\u0000b", variants: []) { id } } }';
    const { status, body } = await post({ query });
    expect([status, body.data]).toEqual([200, { graph: null }]);
    expect(body.errors).toEqual([refusal('A text has a character that cannot be kept')]);
  });

  it('is followed through a redirect', async () => {
    const { createServer } = await import('node:http');
    const server = createServer((_request, response) =>
      response.writeHead(308, { location: `${registry.url}/graphql` }).end(),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const { exitCode } = await registry.rover.run(['subgraph', 'list', 'shop@current'], {
      environment: { APOLLO_REGISTRY_URL: `http://127.0.0.1:${port}` },
    });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(exitCode).toBe(0);
  });
});
