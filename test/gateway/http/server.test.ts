import { expect, it } from '@jest/globals';
import { startTestGateway } from '../../support/test-gateway.ts';

it('answers a content-type that is no media type like any other that it does not take', async () => {
  const gateway = await startTestGateway([
    { name: 'one', url: 'http://127.0.0.1:1', sdl: 'type Query { hello: String }' },
  ]);
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'a' },
    body: JSON.stringify({ query: '{ hello }' }),
  });
  const error = {
    message: expect.stringContaining('application/json'),
    extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' },
  };
  expect([response.status, await response.json()]).toEqual([415, { errors: [error] }]);
  await gateway.close();
});
