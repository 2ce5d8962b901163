import { gzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import { readRequest } from '../../../gateway/http/params.ts';

const BODY = Buffer.from('{"query": "{ hello }"}');
const post = (contentEncoding: string | undefined, body: Buffer) =>
  readRequest({ method: 'POST', url: '/graphql', contentType: 'application/json', contentEncoding, body });

it.each([undefined, 'identity', 'Identity'])('reads a body as it is, with the content-encoding %j', (coding) => {
  expect(post(coding, BODY)).toEqual({ query: '{ hello }' });
});

it('says that it reads no compressed body', () => {
  expect(() => post('gzip', gzipSync(BODY))).toThrow(
    expect.objectContaining({
      code: 'UNSUPPORTED_MEDIA_TYPE',
      message: 'The body must not be compressed (content-encoding: gzip).',
    }),
  );
});
