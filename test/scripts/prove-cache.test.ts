import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ClosingStack } from '../../service/run.ts';
import { openShop, openShopGateway, type Shop, type ShopGateway } from '../gateway/cache/shop.ts';
import { startProcess } from '../support/process.ts';
import { startRawServer } from '../support/raw-server.ts';

describe('npm run cache:prove', () => {
  const shared = new ClosingStack();
  let shop: Shop;
  let gateway: ShopGateway;
  let stack: ClosingStack;
  let directory: string;
  beforeAll(async () => {
    shop = await openShop(shared);
    gateway = await openShopGateway(shared, shop, {});
  });
  afterAll(() => shared.close());
  beforeEach(() => {
    stack = new ClosingStack();
    directory = mkdtempSync(join(tmpdir(), 'tributary-prove-'));
    writeFileSync(join(directory, 'me.graphql'), '{ me { note } }');
    writeFileSync(join(directory, 'product.graphql'), 'query ($id: ID!) { product(id: $id) { name stock } }');
    writeFileSync(join(directory, 'product.variables.json'), '{ "id": "1" }');
  });
  afterEach(async () => {
    await stack.close();
    rmSync(directory, { recursive: true });
  });

  async function prove(...args: readonly string[]) {
    const kit = startProcess('scripts/prove-cache.ts', { args });
    return { code: await kit.exitCode, output: kit.output.all.join('\n') };
  }

  it('ends with 0 on a gateway whose cache is on, invalidated in between', async () => {
    shop.catalogue.control = 'public, max-age=600';
    shop.accounts.control = 'max-age=600';
    const [alice, bob] = [await shop.issuer.token({ subject: 'alice' }), await shop.issuer.token({ subject: 'bob' })];
    const { code, output } = await prove(
      ...['--url', `${gateway.url}/graphql`, '--as', `alice=${alice}`, '--as', `bob=${bob}`, '--operations', directory],
      ...['--admin', gateway.adminUrl, '--invalidate-key', 'the key of invalidations', '--seed', '7', '--rounds', '60'],
    );
    expect(output).toMatch(/No answer of \d+ was another's. Operations that tell people apart: me\./);
    expect(code).toBe(0);
    // It was in the cache's power to be wrong: what was kept was given.
    expect(shop.catalogue.calls.length).toBeLessThan(60);
  });

  it('ends with 1, and says who got whose, on a server that keeps answers without a look at who asks', async () => {
    const kept = new Map<string, string>();
    const leaking = await startRawServer(async (request, response) => {
      const body = await text(request);
      const own = JSON.stringify({ data: { me: { note: request.headers.authorization ?? 'nobody' } } });
      const mayKeep = request.headers['cache-control'] !== 'no-store';
      const answer = (mayKeep ? kept.get(body) : undefined) ?? own;
      if (mayKeep) kept.set(body, answer);
      response.setHeader('content-type', 'application/json').end(answer);
    });
    stack.add('leaking server', leaking);
    const { code, output } = await prove(
      ...['--url', leaking.url, '--as', 'alice=a', '--as', 'bob=b', '--operations', directory, '--seed', '7'],
    );
    expect(output).toMatch(/LEAK: (me|product): (alice|bob|anonymous) got the answer of (alice|bob|anonymous): /);
    expect(code).toBe(1);
  });

  it.each([
    ['no address', ['--as', 'a=b'], '--url must be an address'],
    ['an address without a scheme', ['--url', 'localhost:4000/graphql', '--as', 'a=b'], '--url must be an address'],
    [
      'a file for a folder',
      ['--url', 'http://127.0.0.1:1/graphql', '--as', 'a=b', '--operations', 'package.json'],
      'package.json is no folder',
    ],
    [
      'two of one name',
      ['--url', 'http://127.0.0.1:1/g', '--as', 'a=b', '--as', 'a=c', '--operations', '.'],
      'two who are called "a"',
    ],
    [
      'nothing to do',
      ['--url', 'http://127.0.0.1:1/g', '--as', 'a=b', '--operations', '.', '--rounds', '0'],
      '--rounds must be at least 1',
    ],
    ['nobody', ['--url', 'http://127.0.0.1:1/graphql', '--operations', '.'], '--as is missing'],
    [
      'no token',
      ['--url', 'http://127.0.0.1:1/graphql', '--operations', '.', '--as', 'alice'],
      '--as must be NAME=TOKEN',
    ],
    ['an unknown option', ['--nonsense'], "Unknown option '--nonsense'"],
    ['no folder', ['--url', 'http://127.0.0.1:1/graphql', '--as', 'a=b', '--operations', '/nowhere'], 'does not exist'],
    [
      'no seed',
      ['--url', 'http://127.0.0.1:1/g', '--as', 'a=b', '--operations', '.', '--seed', 'x'],
      '--seed must be a number',
    ],
  ])('ends with 2, and says what is wrong, for %s', async (_, args, message) => {
    const { code, output } = await prove(...args);
    expect(output).toContain(message);
    expect(code).toBe(2);
  });

  it('ends with 2 for an operation that has data for nobody, as at a path where GraphQL is not', async () => {
    const token = await shop.issuer.token({ subject: 'alice' });
    const { code, output } = await prove('--url', gateway.url, '--as', `alice=${token}`, '--operations', directory);
    expect([code, output]).toEqual([
      2,
      expect.stringContaining('me has data for nobody: {"errors":[{"message":"There is nothing here'),
    ]);
  });

  it('ends with 2 for a graph that cannot be reached, and for an operation that is no query', async () => {
    const given = ['--url', 'http://127.0.0.1:1/graphql', '--as', 'alice=a', '--operations', directory];
    const away = await prove(...given);
    expect([away.code, away.output]).toEqual([2, expect.stringContaining('cannot be reached')]);
    writeFileSync(join(directory, 'write.graphql'), 'mutation { note(text: "x") { id } }');
    const writing = await prove(...given);
    expect([writing.code, writing.output]).toEqual([2, expect.stringContaining('write.graphql must have one query')]);
  });
});
