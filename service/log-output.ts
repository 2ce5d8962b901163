import { type DestinationStream, pino } from 'pino';

/** Lines that wait for whoever reads them take so many bytes at most. */
const MOST_WAITING_BYTES = 8_000_000;
/** What is written at once: each write wakes another thread, which takes as long as a hundred lines. */
const BLOCK_BYTES = 65_536;
/** No line waits longer for its block, in milliseconds. */
const BLOCK_MS = 50;
/** Of one UTF-16 code unit in UTF-8. */
const MOST_BYTES_OF_UNIT = 3;
const NEWLINE = 10;

let output: DestinationStream | undefined;
let dropped = 0;

/**
 * Standard output, one for all logs of a process. Lines go out in blocks. It does not wait for whoever reads it: what cannot be written waits,
 * and is dropped when too much does. The last lines are written before the process ends.
 */
export function standardOutput(): DestinationStream {
  output ??= openOutput();
  return output;
}

/** How many lines were dropped so far. */
export function droppedLines(): number {
  return dropped;
}

function openOutput(): DestinationStream {
  const block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  let used = 0;
  let timer: NodeJS.Timeout | undefined;

  const write = (line: string) => {
    const most = line.length * MOST_BYTES_OF_UNIT;
    if (used + most > BLOCK_BYTES) end();
    if (most > BLOCK_BYTES) return send(Buffer.from(line));
    // At once, and not when the block is full: texts that wait are what the garbage collector has to copy.
    used += block.write(line, used);
    timer ??= setTimeout(end, BLOCK_MS).unref();
  };
  const end = () => {
    clearTimeout(timer);
    timer = undefined;
    if (used === 0) return;
    // A copy, so that what waits takes as much as it says.
    send(Buffer.from(block.subarray(0, used)));
    used = 0;
  };
  // Registered before what the sink does then, which writes all that it has. It must not have begun with this: nobody would see it end.
  process.on('exit', () => {
    Object.assign(sink, { minLength: Number.POSITIVE_INFINITY });
    end();
  });
  const sink = pino.destination({
    ...{ fd: 1, sync: false, maxLength: MOST_WAITING_BYTES },
    ...{ contentMode: 'buffer', maxWrite: 2 * BLOCK_BYTES },
  });
  // Its types know texts only.
  const send = (bytes: unknown) => void sink.write(bytes as string);
  sink.on('drop', (bytes: unknown) => {
    for (const byte of bytes as Buffer) if (byte === NEWLINE) dropped++;
  });
  return { write };
}
