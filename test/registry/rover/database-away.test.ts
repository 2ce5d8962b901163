import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RoverRegistry, startRoverRegistry } from '../support/rover-registry.ts';
import { USERS } from '../support/shop.ts';

const AWAY = 'Postgres does not answer.';

/** Stands between a registry and the socket of the embedded Postgres. */
class Wire {
  readonly folder = mkdtempSync(join(tmpdir(), 'tributary-wire-'));
  isCut = false;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  /** @param target a path that ends in the name that clients of Postgres expect */
  async listen(target: string): Promise<void> {
    const server = createServer((client) => {
      if (this.isCut) return void client.destroy();
      const upstream = connect(target);
      for (const socket of [client, upstream]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => [client, upstream].map((either) => either.destroy()));
      }
      client.pipe(upstream).pipe(client);
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(join(this.folder, target.split('/').at(-1) ?? ''), resolve));
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server?.close(resolve));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

describe('rover while the database is away', () => {
  let registry: RoverRegistry;
  const wire = new Wire();
  beforeAll(async () => {
    registry = await startRoverRegistry({}, async (url) => {
      const address = new URL(url);
      const folder = address.searchParams.get('host') ?? '';
      await wire.listen(join(folder, `.s.PGSQL.${address.port || '5432'}`));
      address.searchParams.set('host', wire.folder);
      return address.href;
    });
    await registry.publish('shop@current', 'users', USERS);
    wire.cut();
  });
  afterAll(async () => {
    await registry.close();
    await wire.close();
  });

  it('says so on a page, and nothing of what it asked the database', async () => {
    const page = await registry.browse('/graph/shop/service-list');
    const text = await page.text();
    expect([page.status, text]).toEqual([503, expect.stringContaining(AWAY)]);
    expect(text).not.toContain('select');
  });

  it.each([
    ['publishing', ['subgraph', 'publish', 'shop@current', '--name', 'users', '--schema', 'users.graphql', '--no-url']],
    ['checking', ['subgraph', 'check', 'shop@current', '--name', 'users', '--schema', 'users.graphql']],
    ['fetching', ['supergraph', 'fetch', 'shop@current']],
  ])('says so at once when %s, with 1', async (_what, command) => {
    const { exitCode, stderr } = await registry.rover.run(command);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(AWAY);
  });

  it('says so too to a key that it has not seen before', async () => {
    const { exitCode, stderr } = await registry.rover.as('not seen before').run(['subgraph', 'list', 'shop@current']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(AWAY);
    expect((await registry.rover.as('nor this').run(['config', 'whoami'])).stderr).toContain(AWAY);
  });

  it('goes on when it is back', async () => {
    wire.isCut = false;
    expect((await registry.publish('shop@current', 'users', USERS)).exitCode).toBe(0);
  });
});
