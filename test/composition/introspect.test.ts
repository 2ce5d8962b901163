import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { fetchSdl } from '../../composition/introspect.ts';
import { ClosingStack } from '../../service/run.ts';
import { freePort } from '../support/free-port.ts';

describe('fetchSdl', () => {
  let stack = new ClosingStack();
  afterEach(async () => {
    await stack.close();
    stack = new ClosingStack();
  });

  async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stack.add('server', {
      close: () =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  }

  it('asks { _service { sdl } } by POST, with the headers given', async () => {
    const received: Record<string, unknown> = {};
    const url = await serve((request, response) => {
      request.setEncoding('utf8');
      let body = '';
      request.on('data', (chunk: string) => {
        body += chunk;
      });
      request.on('end', () => {
        Object.assign(received, { method: request.method, key: request.headers['x-key'], body: JSON.parse(body) });
        response.end(JSON.stringify({ data: { _service: { sdl: 'type Query { a: Int }' } } }));
      });
    });
    await expect(fetchSdl(url, { 'X-Key': 'secret' })).resolves.toBe('type Query { a: Int }');
    expect(received).toEqual({
      method: 'POST',
      key: 'secret',
      body: { query: 'query SubgraphSdl { _service { sdl } }', operationName: 'SubgraphSdl' },
    });
  });

  it('says that nobody listens, and what to do', async () => {
    const url = `http://127.0.0.1:${await freePort()}/`;
    await expect(fetchSdl(url, {})).rejects.toThrow(
      `${url} cannot be reached (ECONNREFUSED); start the subgraph first, or use schema.file`,
    );
  });

  it('says that the address leads to a web page', async () => {
    const url = await serve((_, response) => response.writeHead(404).end('<!doctype html>\n<h1>Not found</h1>'));
    await expect(fetchSdl(url, {})).rejects.toThrow(
      `${url} answered with status 404 and no JSON ("<!doctype html> <h1>Not found</h1>"); it must be a GraphQL endpoint`,
    );
  });

  it('tells the GraphQL errors of a server that refuses', async () => {
    const errors = [{ message: 'Introspection is off' }, { message: 'Ask the owner' }];
    const url = await serve((_, response) => response.writeHead(400).end(JSON.stringify({ errors })));
    await expect(fetchSdl(url, {})).rejects.toThrow(`did not tell its schema: Introspection is off; Ask the owner`);
  });

  it.each(['{}', 'null', '"text"', '{"data":{"_service":null}}', '{"data":{"_service":{"sdl":5}},"errors":[]}'])(
    'says that a server which answers %s is not a federated subgraph',
    async (body) => {
      const url = await serve((_, response) => response.end(body));
      await expect(fetchSdl(url, {})).rejects.toThrow('it must be a federated subgraph');
    },
  );

  it('gives up in time on a server that accepts and never answers', async () => {
    const url = await serve(() => undefined);
    await expect(fetchSdl(url, {}, 200)).rejects.toThrow(`${url} did not answer within 200 ms`);
  });

  it('gives up in time on a server that never ends its answer', async () => {
    const url = await serve((_, response) => response.write('{"data":'));
    await expect(fetchSdl(url, {}, 200)).rejects.toThrow('did not answer within 200 ms');
  });
});
