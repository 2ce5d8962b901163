import { get as getRaw, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RoverRegistry, startRoverRegistry } from '../support/rover-registry.ts';

/** Of all that the console's page loads. */
const MOST_BYTES = 300_000;

describe('the page of the console', () => {
  let registry: RoverRegistry;
  let page: string;
  beforeAll(async () => {
    registry = await startRoverRegistry();
    page = await (await fetch(registry.url)).text();
  });
  afterAll(() => registry.close());

  const files = () => [...page.matchAll(/(?:src|href)="(\/console\/[^"]+)"/g)].map(([, path = '']) => path);
  const get = (path: string, headers: Record<string, string>) => fetch(`${registry.url}${path}`, { headers });

  it('loads little, from the registry alone', async () => {
    expect(files()).toHaveLength(3);
    expect(page).not.toMatch(/https?:\/\/(?!127\.0\.0\.1|www\.w3\.org)/);
    const sizes = await Promise.all(files().map((path) => sizeOf(path)));
    const total = sizes.reduce((sum, size) => sum + size, Buffer.byteLength(page));
    expect(total).toBeGreaterThan(10_000);
    expect(total).toBeLessThan(MOST_BYTES);
  });

  /** As it comes over the wire: `fetch` unpacks it. */
  function receive(path: string, encoding: string): Promise<{ headers: IncomingHttpHeaders; body: Buffer }> {
    const { promise, resolve, reject } = Promise.withResolvers<{ headers: IncomingHttpHeaders; body: Buffer }>();
    getRaw(`${registry.url}${path}`, { headers: { 'accept-encoding': encoding } }, (response) =>
      buffer(response).then((body) => resolve({ headers: response.headers, body }), reject),
    ).on('error', reject);
    return promise;
  }

  /** In bytes, as a browser gets it. */
  async function sizeOf(path: string): Promise<number> {
    const { headers, body } = await receive(path, 'gzip, br');
    expect(headers['content-encoding']).toBe('br');
    return body.length;
  }

  it('has files that are kept for ever, packed as the browser likes', async () => {
    const [path = ''] = files();
    for (const [encoding, unpack] of [
      ['br', brotliDecompressSync],
      ['gzip', gunzipSync],
      ['identity', (body: Buffer) => body],
    ] as const) {
      const { headers, body } = await receive(path, encoding);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(headers.vary).toBe('accept-encoding');
      expect(unpack(body).toString()).toContain('tributary.theme');
    }
    expect((await get('/console/app-NOPE.js', {})).status).toBe(404);
    expect((await get('/console/..%2fserve-console.ts', {})).status).toBe(404);
  });

  it('is asked for each time, and sent when it is another', async () => {
    const first = await get('/', {});
    expect(first.headers.get('cache-control')).toBe('no-cache');
    expect((await get('/', { 'if-none-match': first.headers.get('etag') ?? '' })).status).toBe(304);
  });

  it('lets nothing run that is not its own', async () => {
    const policy = (await get('/', {})).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(page).not.toMatch(/<style|<script>|\son\w+=|\sstyle=/);
  });

  it('tells whoever runs no scripts how to use rover', () => {
    expect(page).toContain(`APOLLO_REGISTRY_URL=${registry.url}`);
  });
});
