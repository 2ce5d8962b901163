import { createServer } from 'node:net';

/** A port that was free a moment ago: for servers that cannot listen on port 0 and tell which they got. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new TypeError('not a TCP address');
  return address.port;
}
