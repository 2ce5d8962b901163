import type { Json } from './own.ts';

/** A response with extensions. @param body a response that the gateway has written: an object, without extensions */
export function withExtensions(body: Buffer, extensions: Json): Buffer {
  return Buffer.concat([body.subarray(0, -1), Buffer.from(`,"extensions":${JSON.stringify(extensions)}}`)]);
}
