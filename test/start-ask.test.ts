import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ask } from '../start-ask.ts';
import { type RawServer, startRawServer } from './support/raw-server.ts';

describe('what npm start asks its registry', () => {
  let registry: RawServer;
  let answer: unknown;
  beforeAll(async () => {
    registry = await startRawServer((request, response) => {
      request.resume().on('end', () => response.end(JSON.stringify(answer)));
    });
  });
  afterAll(() => registry.close());

  it('says how to make another key when the registry does not know the one that is kept', async () => {
    answer = {
      data: { graph: null },
      errors: [{ message: 'There is no such key.', extensions: { code: 'KEY_INVALID' } }],
    };
    await expect(ask({ url: registry.url, key: 'revoked' }, '{ graph }', {})).rejects.toThrow(
      'The registry says: There is no such key. Set REGISTRY_ADMIN_KEY to a new secret',
    );
  });

  it('says no more than the registry does of anything else', async () => {
    answer = { errors: [{ message: 'The schema is too large.' }] };
    await expect(ask({ url: registry.url, key: 'any' }, '{ graph }', {})).rejects.toThrow(
      /^The registry says: The schema is too large\.$/,
    );
  });
});
