import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Running } from '../../service/run.ts';

/** An HTTP server that does exactly what a test wants, the wrong thing included. */
export interface RawServer extends Running {
  readonly url: string;
  /** How many connections are open. */
  connections(): number;
}

/** @param keepAliveTimeout how long it keeps an idle connection, and tells clients to, in milliseconds */
export async function startRawServer(
  listener: RequestListener,
  keepAliveTimeout = 5_000,
  { host = '127.0.0.1', port: wanted = 0 }: { readonly host?: string; readonly port?: number } = {},
): Promise<RawServer> {
  const server = createServer({ keepAliveTimeout }, listener);
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(wanted, host, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}/graphql`,
    connections: () => sockets.size,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
