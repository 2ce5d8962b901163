import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Running } from '../../service/run.ts';

/** Stands between a client and a server, and does to what goes through what a test wants. */
export interface TcpProxy extends Running {
  readonly port: number;
  /** Looks at what the server sends: gives on what it returns, and cuts the connection after it when there is nothing to return. */
  onReply: (chunk: Buffer, cut: () => void) => Buffer | undefined;
  /** Cuts all connections, and takes no new ones until it is let through again. */
  isCut: boolean;
  cutAll(): void;
}

const MESSAGE = Buffer.from('*3\r\n$7\r\nmessage\r\n');

/** An `onReply` that loses what Redis tells its subscribers, and nothing else: they have connections of their own. */
export function loseMessages(chunk: Buffer): Buffer | undefined {
  return chunk.indexOf(MESSAGE) === 0 ? undefined : chunk;
}

export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    keep(client);
    if (proxy.isCut) return void client.destroy();
    const upstream = connect(target, '127.0.0.1');
    keep(upstream);
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    client.on('data', (chunk) => upstream.write(chunk));
    upstream.on('data', (chunk: Buffer) => {
      const reply = proxy.onReply(chunk, () => client.end());
      if (reply !== undefined) client.write(reply);
    });
    client.on('close', end);
    upstream.on('close', end);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: TcpProxy = {
    port: (server.address() as AddressInfo).port,
    onReply: (chunk) => chunk,
    isCut: false,
    cutAll: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  return proxy;
}
