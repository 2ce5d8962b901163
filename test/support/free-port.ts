import { createServer } from 'node:net';

/** Below what kernels give to outgoing connections and to `listen(0)` (from 32,768), and above the last port that `fetch` refuses (10,080). */
const [FIRST, END] = [11_000, 32_000];
/** For as many workers of Jest, so that none is given what another has drawn and not yet taken. */
const SLICES = 20;
const LENGTH = (END - FIRST) / SLICES;

const first = FIRST + (Number(process.env.JEST_WORKER_ID ?? 0) % SLICES) * LENGTH;
/** By chance: several processes may have the same slice. */
let drawn = Math.floor(Math.random() * LENGTH);

/**
 * A port that was free a moment ago, and that nobody is given by chance: for servers that cannot listen on port 0 and tell which they got, or
 * that come back on the same one.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < LENGTH; tries++) {
    const port = first + (drawn++ % LENGTH);
    if (await isFree(port)) return port;
  }
  throw new Error(`no port is free from ${first} to ${first + LENGTH - 1}`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const isListening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (isListening) await new Promise((resolve) => server.close(resolve));
  return isListening;
}
