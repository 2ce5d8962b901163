import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startProcess, type TestProcess } from '../support/process.ts';
import { bytesOf, pieces, receiptOf } from './rest-bytes.ts';

describe('the REST service of the benchmark', () => {
  let service: TestProcess;
  let url: string;

  beforeAll(async () => {
    service = startProcess('test/bench/rest-service.ts', {});
    const line = await service.output.find(/^listening \d+$/);
    url = `http://127.0.0.1:${line.split(' ')[1]}`;
  });
  afterAll(() => service.close());

  it.each([1, 1_000, 65_537, 16_000_001])('gives %d bytes that both sides know, at any path', async (size) => {
    const response = await fetch(`${url}/files/bytes/${size}`);
    expect(response.headers.get('content-length')).toBe(String(size));
    expect(Buffer.from(await response.arrayBuffer()).equals(bytesOf(size))).toBe(true);
  });

  it('says of what it is sent how much it was, and its hash', async () => {
    const sha256 = createHash('sha256').update(bytesOf(100_000)).digest('hex');
    const response = await fetch(`${url}/taken`, { method: 'PUT', body: bytesOf(100_000) });
    expect(await response.text()).toBe(receiptOf(pieces(100_000)));
    expect(JSON.parse(receiptOf(pieces(100_000)))).toEqual({ length: 100_000, sha256 });
  });
});
