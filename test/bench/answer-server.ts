import { createServer, type Server, type Socket } from 'node:net';

/**
 * The least HTTP/1.1 that a gateway's client needs: requests with a length or in chunks, kept-alive connections, one answer
 * after the other. `node:http` takes 26 µs of processor time for a request, this 10, and it shares its core with the load
 * generator. Not for strangers: it believes what it reads.
 */

/** A whole response, head included, in one or two pieces. */
export type Answer = readonly (Buffer | string)[];

export type Answering = (path: string, body: Buffer) => Answer | Promise<Answer>;

interface Parsed {
  readonly path: string;
  readonly body: Buffer;
  readonly end: number;
}

const NONE = Buffer.alloc(0);
const HEAD_END = '\r\n\r\n';

/** A server whose every request `answering` answers with bytes that are ready to send. */
export function createAnswerServer(answering: Answering): Server {
  return createServer({ noDelay: true }, (socket) => serve(socket, answering));
}

function serve(socket: Socket, answering: Answering): void {
  let chunks: Buffer[] = [];
  let received = 0;
  /** Nothing is looked at again before this many bytes are there: a body in many chunks is put together once. */
  let needed = 1;
  let isAnswering = false;

  const send = (answer: Answer) => {
    if (answer.length === 1) socket.write(answer[0] ?? '');
    else {
      socket.cork();
      for (const piece of answer) socket.write(piece);
      socket.uncork();
    }
  };
  const next = () => {
    while (!isAnswering && received >= needed) {
      const bytes = chunks.length === 1 ? (chunks[0] ?? NONE) : Buffer.concat(chunks);
      const request = parse(bytes);
      if (typeof request === 'number') {
        chunks = received === 0 ? [] : [bytes];
        needed = request;
        return;
      }
      const rest = bytes.subarray(request.end);
      chunks = rest.length === 0 ? [] : [rest];
      received = rest.length;
      needed = 1;
      const answer = answering(request.path, request.body);
      if (answer instanceof Promise) {
        isAnswering = true;
        answer.then(
          (ready) => {
            isAnswering = false;
            send(ready);
            next();
          },
          (error: unknown) => socket.destroy(error as Error),
        );
      } else send(answer);
    }
  };
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    received += chunk.length;
    next();
  });
  // A client that goes away in the middle is no event here.
  socket.on('error', () => socket.destroy());
}

/** The first request in `bytes`, or how many bytes it takes to know more. */
function parse(bytes: Buffer): Parsed | number {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd === -1) return bytes.length + 1;
  const head = bytes.toString('latin1', 0, headEnd);
  const from = head.indexOf(' ') + 1;
  const path = head.slice(from, head.indexOf(' ', from));
  const start = headEnd + HEAD_END.length;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    const end = start + Number(length);
    return bytes.length < end ? end : { path, body: bytes.subarray(start, end), end };
  }
  return /\r\ntransfer-encoding: *chunked/i.test(head)
    ? parseChunks(bytes, path, start)
    : { path, body: NONE, end: start };
}

function parseChunks(bytes: Buffer, path: string, start: number): Parsed | number {
  const pieces: Buffer[] = [];
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd === -1) return bytes.length + 1;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const end = lineEnd + 2 + size + 2;
    if (bytes.length < end) return end;
    if (size === 0) return { path, body: Buffer.concat(pieces), end };
    pieces.push(bytes.subarray(lineEnd + 2, end - 2));
    at = end;
  }
}
