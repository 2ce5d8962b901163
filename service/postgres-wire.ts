import { createServer, type Socket } from 'node:net';
import type { Running } from './run.ts';

/**
 * Serves one Postgres session to many connections, over the frontend/backend protocol 3.0.
 *
 * A *unit* is what one connection sends up to and with the message that makes the server answer `ReadyForQuery`: a simple
 * `Query`, or an extended query up to its `Sync`. Units run one after the other and never interleave: a `Parse` of one
 * connection between `Parse` and `Bind` of another would replace its statement. (`@electric-sql/pglite-socket`, which does
 * this for one connection, queues single messages and loses statements so.) While a transaction is open, only the
 * connection that opened it has its units run.
 */

/** Runs one unit and gives the server's answer. */
export type ExecuteWire = (unit: Uint8Array) => Promise<Uint8Array>;

interface Unit {
  readonly from: Socket;
  readonly bytes: Uint8Array;
}

const SSL_REQUEST = 80_877_103;
const GSS_ENCRYPTION_REQUEST = 80_877_104;
const CANCEL_REQUEST = 80_877_102;
const TYPE = { query: 0x51, sync: 0x53, terminate: 0x58, functionCall: 0x46, readyForQuery: 0x5a } as const;
const IDLE = 'I'.charCodeAt(0);

/** @param socketPath a Unix socket; who may connect is a matter of its folder's permissions */
export async function servePostgresWire(execute: ExecuteWire, socketPath: string): Promise<Running> {
  const waiting: Unit[] = [];
  const sockets = new Set<Socket>();
  let owner: Socket | undefined;
  let isRunning = false;

  async function runWaiting(): Promise<void> {
    if (isRunning) return;
    isRunning = true;
    try {
      for (let unit = takeNext(); unit !== undefined; unit = takeNext()) {
        const answer = await execute(unit.bytes).catch(() => undefined);
        if (answer === undefined) {
          // Its answer is lost, and with it what state it is in. The others had no part in that.
          unit.from.destroy();
          forget(unit.from);
          await rollBack();
          continue;
        }
        owner = endsIdle(answer) ? undefined : unit.from;
        if (unit.from.writable) unit.from.write(answer);
        if (owner?.destroyed) await rollBack();
      }
    } finally {
      isRunning = false;
    }
  }

  function takeNext(): Unit | undefined {
    const index = owner === undefined ? 0 : waiting.findIndex(({ from }) => from === owner);
    return index === -1 ? undefined : waiting.splice(index, 1)[0];
  }

  /** A connection that goes away within its transaction must not keep the others waiting for ever. */
  async function rollBack(): Promise<void> {
    // If even this fails, whoever comes next hears of it.
    await execute(message(TYPE.query, Buffer.from('rollback\0'))).catch(() => undefined);
    owner = undefined;
  }

  function forget(socket: Socket): void {
    for (let index = waiting.length - 1; index >= 0; index--)
      if (waiting[index]?.from === socket) waiting.splice(index, 1);
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    const readUnits = unitReader((bytes) => socket.write(bytes));
    socket.on('data', (chunk) => {
      for (const bytes of readUnits(chunk)) {
        if (bytes === 'end') socket.end();
        else waiting.push({ from: socket, bytes });
      }
      void runWaiting();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      forget(socket);
      if (owner === socket && !isRunning) void rollBack().then(runWaiting);
    });
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  return {
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Cuts a connection's bytes into units; `'end'` when the client says good-bye. */
function unitReader(refuseEncryption: (answer: Uint8Array) => void): (chunk: Uint8Array) => (Uint8Array | 'end')[] {
  let buffer: Buffer = Buffer.alloc(0);
  let unitLength = 0;
  let isStarted = false;

  return (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    const units: (Uint8Array | 'end')[] = [];
    const cut = (length: number) => {
      const taken = Uint8Array.prototype.slice.call(buffer, 0, length);
      buffer = buffer.subarray(length);
      unitLength = 0;
      return taken;
    };

    while (!isStarted && buffer.length >= 8 && buffer.length >= buffer.readInt32BE(0)) {
      const code = buffer.readInt32BE(4);
      const first = cut(buffer.readInt32BE(0));
      if (code === SSL_REQUEST || code === GSS_ENCRYPTION_REQUEST) refuseEncryption(Buffer.from('N'));
      else if (code === CANCEL_REQUEST) return ['end'];
      else {
        isStarted = true;
        units.push(first);
      }
    }
    while (isStarted && buffer.length >= unitLength + 5) {
      const type = buffer[unitLength];
      const end = unitLength + 1 + buffer.readInt32BE(unitLength + 1);
      if (buffer.length < end) break;
      unitLength = end;
      if (type === TYPE.terminate) return [...units, 'end'];
      if (type === TYPE.query || type === TYPE.sync || type === TYPE.functionCall) units.push(cut(end));
    }
    return units;
  };
}

/** Every answer ends with `ReadyForQuery`, whose one byte says whether a transaction is open. */
function endsIdle(answer: Uint8Array): boolean {
  return answer.length < 6 || answer[answer.length - 6] !== TYPE.readyForQuery || answer[answer.length - 1] === IDLE;
}

function message(type: number, body: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(5 + body.length);
  bytes[0] = type;
  bytes.writeInt32BE(4 + body.length, 1);
  bytes.set(body, 5);
  return bytes;
}
