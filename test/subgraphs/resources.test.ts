import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FastifyInstance, fastify } from 'fastify';
import { badUserInput, codedError } from '../../subgraphs/errors.ts';
import { addResources } from '../../subgraphs/resources.ts';

describe('REST resources', () => {
  let app: FastifyInstance;
  const logged: string[] = [];

  beforeAll(async () => {
    const stream = new Writable({
      write(chunk, _encoding, done) {
        logged.push(String(chunk));
        done();
      },
    });
    app = fastify({ logger: { level: 'error', stream }, bodyLimit: 100 });
    addResources(app, (scope) => {
      scope.get('/missing', async () => {
        throw codedError('NOT_FOUND', 'There is no such user.');
      });
      scope.get('/short', async () => {
        throw codedError('OUT_OF_STOCK', undefined, { products: [{ available: 1 }] });
      });
      scope.get('/wrong', async () => {
        throw badUserInput('first', 'must be between 1 and 100.');
      });
      scope.get('/bug', async () => {
        throw new TypeError('the secret of the house');
      });
      scope.put('/body', async (request) => request.body);
    });
    await app.ready();
  });

  afterAll(() => app.close());

  it.each([
    ['/missing', 404, { code: 'NOT_FOUND', message: 'There is no such user.' }],
    ['/short', 409, { code: 'OUT_OF_STOCK', message: 'There is not enough in stock.', products: [{ available: 1 }] }],
    ['/wrong', 400, { code: 'BAD_USER_INPUT', message: 'first must be between 1 and 100.', argument: 'first' }],
    ['/bug', 500, { code: 'INTERNAL_SERVER_ERROR', message: 'Internal server error' }],
  ])('answer %s with %d', async (url, status, error) => {
    const reply = await app.inject(url);
    expect(reply.statusCode).toBe(status);
    expect(reply.json()).toEqual({ error });
  });

  it('log a bug whole', () => {
    expect(logged.join('')).toContain('the secret of the house');
  });

  it.each([
    ['half a JSON', 'application/json', '{"a":', 400],
    ['too much', 'application/json', JSON.stringify('a'.repeat(200)), 413],
    ['another type', 'text/csv', 'a,b', 415],
  ])('refuse a body with %s', async (_title, type, payload, status) => {
    const reply = await app.inject({ method: 'PUT', url: '/body', headers: { 'content-type': type }, payload });
    expect(reply.statusCode).toBe(status);
    expect(reply.json()).toMatchObject({ error: { code: 'BAD_USER_INPUT' } });
  });
});
