import { ReplyError } from './reply-error.ts';
import { parseHead, type ResponseHead } from './response-head.ts';

/** A whole response. */
export interface Reply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** A response, and what its connection is good for afterwards. */
export interface Received {
  readonly reply: Reply;
  /** Whether nothing more may be asked on it. */
  readonly isLast: boolean;
  /** For how long the server keeps it idle, if it says so. */
  readonly keepAliveSeconds: number | undefined;
}

/** A head is refused beyond this; so are the lines between chunks. In bytes. */
const LINES_LIMIT = 65_536;

const EMPTY = Buffer.alloc(0);
const LF = 10;

type Phase = 'head' | 'none' | 'sized' | 'to the end' | 'size of a chunk' | 'chunk' | 'end of a chunk' | 'trailer';

/**
 * Reads the responses of one connection, one after the other (RFC 9112): by `content-length`, in chunks, or to the end of the
 * connection. What it is given may be overwritten afterwards: everything kept is a copy.
 *
 * A hot path: the usual small response comes whole, and is cut out of what came (test/bench, w2).
 */
export class ResponseReader {
  readonly #limitBytes: number;
  #phase: Phase = 'head';
  /** The beginning of a head or of a line whose end has not come. */
  #begun: Buffer = EMPTY;
  #head: ResponseHead | undefined;
  /** Of the size that is known, or growing. */
  #sized: Buffer = EMPTY;
  /** So much of the body has come. */
  #length = 0;
  /** So much of the chunk is still to come. */
  #chunkRest = 0;

  /** @param limitBytes of a body */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Takes what came next. @returns the response when it is whole. @throws {ReplyError} */
  read(bytes: Buffer): Received | undefined {
    let rest = bytes;
    if (this.#begun.length > 0) {
      rest = Buffer.concat([this.#begun, bytes]);
      this.#begun = EMPTY;
    }
    if (this.#phase === 'head') {
      const body = this.#readHead(rest);
      if (body === undefined) return undefined;
      rest = body;
    }
    switch (this.#phase) {
      case 'none':
        return this.#finish(EMPTY, rest.length);
      case 'sized':
        return this.#readSized(rest);
      case 'to the end':
        this.#take(rest);
        return undefined;
      default: {
        const after = this.#readChunked(rest);
        return after === undefined ? undefined : this.#finish(this.#join(), after.length);
      }
    }
  }

  /** The connection has ended. @returns the response that this makes whole */
  end(): Reply | undefined {
    return this.#phase === 'to the end' ? this.#finish(this.#join(), 0).reply : undefined;
  }

  /** @returns what comes after the head, or `undefined` when that has not ended */
  #readHead(bytes: Buffer): Buffer | undefined {
    let rest = bytes;
    for (;;) {
      const end = rest.indexOf('\r\n\r\n', 0, 'latin1');
      if (end === -1) return this.#keep(rest);
      if (end > LINES_LIMIT) throw new ReplyError('malformed', 'the head of the response is too large');
      const head = parseHead(rest.toString('latin1', 0, end));
      rest = rest.subarray(end + 4);
      // Interim responses say that there will be another (RFC 9110, 15.2).
      if (head.status === 101) throw new ReplyError('malformed', 'the server wants to speak another protocol');
      if (head.status >= 100 && head.status < 200) continue;
      if (head.length > this.#limitBytes) throw tooLarge();
      this.#head = head;
      this.#length = 0;
      this.#phase = head.framing === 'chunked' ? 'size of a chunk' : head.framing;
      return rest;
    }
  }

  #readSized(bytes: Buffer): Received | undefined {
    const length = this.#head?.length ?? 0;
    if (this.#length === 0) {
      if (bytes.length >= length) return this.#finish(Buffer.from(bytes.subarray(0, length)), bytes.length - length);
      this.#sized = Buffer.allocUnsafeSlow(length);
    }
    const taken = bytes.copy(this.#sized, this.#length);
    this.#length += taken;
    return this.#length === length ? this.#finish(this.#sized, bytes.length - taken) : undefined;
  }

  /** RFC 9112, 7.1. @returns what comes after the last chunk and its trailers, or `undefined` when these have not ended */
  #readChunked(bytes: Buffer): Buffer | undefined {
    let rest = bytes;
    for (;;) {
      if (this.#phase === 'chunk') {
        const taken = Math.min(rest.length, this.#chunkRest);
        this.#take(rest.subarray(0, taken));
        this.#chunkRest -= taken;
        rest = rest.subarray(taken);
        if (this.#chunkRest > 0) return undefined;
        this.#phase = 'end of a chunk';
      }
      const end = rest.indexOf(LF);
      if (end === -1) return this.#keep(rest);
      const line = rest.toString('latin1', 0, end);
      if (line.at(-1) !== '\r') throw new ReplyError('malformed', 'a line of a chunked body does not end in CR LF');
      rest = rest.subarray(end + 1);
      if (this.#phase === 'trailer') {
        if (line === '\r') return rest;
      } else if (this.#phase === 'end of a chunk') {
        if (line !== '\r') throw new ReplyError('malformed', 'a chunk is longer than it says');
        this.#phase = 'size of a chunk';
      } else {
        this.#chunkRest = readChunkSize(line);
        if (this.#length + this.#chunkRest > this.#limitBytes) throw tooLarge();
        this.#phase = this.#chunkRest === 0 ? 'trailer' : 'chunk';
      }
    }
  }

  /** Into one buffer, which doubles: a list of pieces would cost a hundred times what comes in chunks of a byte. */
  #take(bytes: Buffer): void {
    const length = this.#length + bytes.length;
    if (length > this.#limitBytes) throw tooLarge();
    if (length > this.#sized.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#sized.length, 4_096));
      this.#sized.copy(larger, 0, 0, this.#length);
      this.#sized = larger;
    }
    bytes.copy(this.#sized, this.#length);
    this.#length = length;
  }

  #keep(bytes: Buffer): undefined {
    if (bytes.length > LINES_LIMIT) throw new ReplyError('malformed', 'the head of the response is too large');
    this.#begun = Buffer.from(bytes);
    return undefined;
  }

  #join(): Buffer {
    return this.#sized.subarray(0, this.#length);
  }

  #finish(body: Buffer, bytesAfter: number): Received {
    const { status, headers, isLast, keepAliveSeconds } = this.#head as ResponseHead;
    this.#phase = 'head';
    this.#head = undefined;
    this.#sized = EMPTY;
    // Nobody asked for what comes after it: whose answer would it be?
    return { reply: { status, headers, body }, isLast: isLast || bytesAfter > 0, keepAliveSeconds };
  }
}

function readChunkSize(line: string): number {
  const digits = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?\r$/i.exec(line)?.[1];
  if (digits === undefined) throw new ReplyError('malformed', 'the size of a chunk is no number');
  return Number.parseInt(digits, 16);
}

function tooLarge(): ReplyError {
  return new ReplyError('too large', 'the body of the response is too large');
}
