import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RoverRegistry, startRoverRegistry } from '../support/rover-registry.ts';
import { PRODUCTS, UNCOMPOSABLE, USERS } from '../support/shop.ts';

describe('what rover reads', () => {
  let registry: RoverRegistry;
  beforeAll(async () => {
    registry = await startRoverRegistry();
    await registry.publish('shop@current', 'users', USERS);
    await registry.publish('shop@current', 'products', PRODUCTS);
    await registry.publish('shop@broken', 'users', UNCOMPOSABLE);
    await registry.publish('shop@empty', 'users', USERS);
    await run('subgraph', 'delete', 'shop@empty', '--name', 'users', '--confirm');
  });
  afterAll(() => registry.close());

  const run = (...args: string[]) => registry.rover.run(args);
  const failing = (code: string) => ({ exitCode: 1, stderr: expect.stringContaining(`error[${code}]`) });

  describe('rover subgraph fetch', () => {
    it('gives the schema as it was published', async () => {
      const { exitCode, stdout } = await run('subgraph', 'fetch', 'shop@current', '--name', 'users');
      expect(exitCode).toBe(0);
      expect(stdout.trim()).toBe(USERS.trim());
    });

    it('names the subgraphs there are for one that is not (E009)', async () => {
      const result = await run('subgraph', 'fetch', 'shop@current', '--name', 'orders');
      expect(result).toMatchObject(failing('E009'));
      expect(result.stderr).toContain('[products, users]');
    });

    it('says E010 for a graph or variant that is not there', async () => {
      expect(await run('subgraph', 'fetch', 'nope@current', '--name', 'users')).toMatchObject(failing('E010'));
      expect(await run('subgraph', 'fetch', 'shop@nope', '--name', 'users')).toMatchObject(failing('E010'));
    });
  });

  describe('rover subgraph list', () => {
    it('lists names and URLs, the newest first, and where to see more', async () => {
      const { exitCode, stdout } = await run('subgraph', 'list', 'shop@current');
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/products.*http:\/\/products\.test[\s\S]*users.*http:\/\/users\.test/);
      expect(stdout).not.toContain('N/A');
      expect(stdout).toContain(`View full details at ${registry.url}/graph/shop/service-list`);
    });

    it('says unspecified for a subgraph without a URL', async () => {
      await registry.publish('shop@bare', 'users', USERS, ['--no-url']);
      expect((await run('subgraph', 'list', 'shop@bare')).stdout).toContain('unspecified');
    });

    it('says E007 for a variant that was emptied, and E010 for one that is not there', async () => {
      expect(await run('subgraph', 'list', 'shop@empty')).toMatchObject(failing('E007'));
      expect(await run('subgraph', 'list', 'shop@nope')).toMatchObject(failing('E010'));
      expect(await run('subgraph', 'list', 'nope@current')).toMatchObject(failing('E010'));
    });
  });

  describe('rover supergraph fetch', () => {
    it('gives the supergraph that is served', async () => {
      const { exitCode, stdout } = await run('supergraph', 'fetch', 'shop@current');
      expect(exitCode).toBe(0);
      expect(stdout).toContain('@join__graph(name: "products", url: "http://products.test/graphql")');
    });

    it('says E027 with the errors for a variant that never composed', async () => {
      const result = await run('supergraph', 'fetch', 'shop@broken');
      expect(result).toMatchObject(failing('E027'));
      expect(result.stderr).toContain('KEY_INVALID_FIELDS');
    });

    it('says E008 for a variant that is not there, with those there are', async () => {
      const result = await run('supergraph', 'fetch', 'shop@currant');
      expect(result).toMatchObject(failing('E008'));
      expect(result.stderr).toContain('current');
      expect(await run('supergraph', 'fetch', 'nope@current')).toMatchObject(failing('E010'));
    });
  });

  describe('rover graph fetch', () => {
    it('gives the API schema', async () => {
      const { exitCode, stdout } = await run('graph', 'fetch', 'shop@current');
      expect(exitCode).toBe(0);
      expect(stdout).toContain('topProduct: Product');
      expect(stdout).not.toContain('@');
    });

    it('says E008 for a variant without one, and E010 for a graph that is not there', async () => {
      expect(await run('graph', 'fetch', 'shop@nope')).toMatchObject(failing('E008'));
      expect(await run('graph', 'fetch', 'shop@broken')).toMatchObject(failing('E008'));
      expect(await run('graph', 'fetch', 'nope@current')).toMatchObject(failing('E010'));
    });
  });

  describe('rover graph publish and check', () => {
    it('are told that the registry holds federated graphs only', async () => {
      const file = registry.rover.write('users.graphql', USERS);
      for (const verb of ['publish', 'check']) {
        const { exitCode, stderr } = await run('graph', verb, 'shop@current', '--schema', file);
        expect(exitCode).toBe(1);
        expect(stderr).toContain('This registry holds federated graphs only.');
      }
    });
  });

  describe('rover graph delete', () => {
    it('takes a variant away', async () => {
      await registry.publish('shop@old', 'users', USERS);
      expect((await run('graph', 'delete', 'shop@old', '--confirm')).exitCode).toBe(0);
      expect(await run('graph', 'fetch', 'shop@old')).toMatchObject(failing('E008'));
    });

    it('says E010 for a variant that is not there', async () => {
      expect(await run('graph', 'delete', 'shop@nope', '--confirm')).toMatchObject(failing('E010'));
    });
  });
});
