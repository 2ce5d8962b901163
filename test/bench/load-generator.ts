import { createInterface } from 'node:readline';
import { type Pass, passOnce } from './once.ts';
import { generate, type OpenLoad } from './open-loop.ts';
import { createPacing } from './pacer.ts';

/**
 * The process on the load core: what to send comes as one line of JSON on its input, what was measured goes to its output.
 * A load that goes on until it is stopped ends when its input does; with its parent, that is, whatever ends that.
 */

export type LoadOrder = { readonly open: OpenLoad; readonly isUntilStopped?: boolean } | { readonly once: Pass };

const lines = createInterface({ input: process.stdin });
lines.once('line', async (line) => {
  const order = JSON.parse(line) as LoadOrder;
  const stop = new AbortController();
  if ('open' in order && order.isUntilStopped) lines.once('close', () => stop.abort());
  const result = 'open' in order ? await generate(order.open, createPacing(), stop.signal) : await passOnce(order.once);
  console.log(JSON.stringify(result));
});
