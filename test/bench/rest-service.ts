import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { bytesOf, createReceipt, pieces } from './rest-bytes.ts';

/**
 * A REST service: `GET …/bytes/N` answers N bytes that are always the same (`rest-bytes.ts`); what comes with POST or PUT is counted and hashed
 * as it comes, and the answer says both. Small answers are put together once.
 */

/** Larger ones are made as they are sent. */
const KEPT = 16_000_000;
const kept = new Map<number, Buffer>();

async function give(size: number, response: ServerResponse): Promise<void> {
  response.setHeader('content-type', 'application/octet-stream').setHeader('content-length', size);
  if (size > KEPT) return pipeline(pieces(size), response);
  const known = kept.get(size) ?? bytesOf(size);
  kept.set(size, known);
  response.end(known);
}

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const receipt = createReceipt();
  for await (const chunk of request as AsyncIterable<Buffer>) receipt.add(chunk);
  response.setHeader('content-type', 'application/json');
  response.end(receipt.text());
}

const server = createServer((request, response) => {
  const size = /\/bytes\/(\d+)$/.exec(request.url ?? '')?.[1];
  const done = size === undefined ? take(request, response) : give(Number(size), response);
  // A client that goes away in the middle is no event here.
  done.catch(() => response.destroy());
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${(server.address() as AddressInfo).port}`));
