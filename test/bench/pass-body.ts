import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createReceipt, pieces, receiptOf } from './rest-bytes.ts';

/**
 * `node pass-body.ts down|up URL SIZE [TOKEN]`, on the load core: has one body of so many bytes passed on, and ends with 1 unless every byte of it arrived. Nothing of it
 * is held here, either. Prints how many milliseconds it took.
 */

const [, , direction, url = '', size = '0', token] = process.argv;
const isUp = direction === 'up';
const path = isUp ? '/files/taken' : `/files/bytes/${size}`;
const headers = {
  ...(isUp && { 'content-length': size, 'content-type': 'application/octet-stream' }),
  ...(token !== undefined && { authorization: `Bearer ${token}` }),
};
// Hashing what is expected is not what is timed.
const expected = receiptOf(pieces(Number(size)));
const began = performance.now();
const sent = request(new URL(path, url), { method: isUp ? 'POST' : 'GET', headers });
const answered = new Promise<string>((resolve, reject) => {
  sent.once('error', reject);
  sent.once('response', async (response) => {
    const receipt = createReceipt();
    let text = '';
    for await (const chunk of response as AsyncIterable<Buffer>) {
      if (isUp) text += chunk.toString();
      else receipt.add(chunk);
    }
    resolve(isUp ? text : receipt.text());
  });
});
if (isUp) await pipeline(Readable.from(pieces(Number(size))), sent);
else sent.end();
const said = await answered;
if (said !== expected) throw new Error(`${url} ${direction}: ${said.slice(0, 500)} instead of ${expected}`);
console.log(performance.now() - began);
