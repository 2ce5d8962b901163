import { text } from 'node:stream/consumers';
import { type Pass, passOnce } from './once.ts';
import { generate, type OpenLoad } from './open-loop.ts';
import { createPacing } from './pacer.ts';

/** The process on the load core: what to send comes as JSON on its input, what was measured goes to its output. */

export type LoadOrder = { readonly open: OpenLoad } | { readonly once: Pass };

const order = JSON.parse(await text(process.stdin)) as LoadOrder;
const result = 'open' in order ? await generate(order.open, createPacing()) : await passOnce(order.once);
console.log(JSON.stringify(result));
