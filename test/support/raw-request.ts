import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** Opens a connection on which a test writes what it likes. */
export async function connectTo(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket;
}

/** Writes bytes to a server, and gives all that it answers until it closes the connection. */
export async function writeRaw(url: string, bytes: string): Promise<string> {
  const socket = await connectTo(url);
  socket.write(bytes, 'latin1');
  return text(socket);
}
