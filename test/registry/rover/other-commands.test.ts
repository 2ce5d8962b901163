import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RoverRegistry, startRoverRegistry } from '../support/rover-registry.ts';
import { PRODUCTS, USERS } from '../support/shop.ts';

describe('what else rover does with a registry', () => {
  let registry: RoverRegistry;
  beforeAll(async () => {
    registry = await startRoverRegistry();
    await registry.publish('shop@current', 'users', USERS);
    await registry.publish('shop@current', 'products', PRODUCTS);
  });
  afterAll(() => registry.close());

  const run = (...args: string[]) => registry.rover.run(args);
  const failing = (text: string) => ({ exitCode: 1, stderr: expect.stringContaining(text) });

  describe('rover readme', () => {
    it('publishes a readme and fetches it', async () => {
      const file = registry.rover.write('README.md', '# Shop\n');
      expect(await run('readme', 'publish', 'shop@current', '--file', file)).toMatchObject({ exitCode: 0 });
      expect(await run('readme', 'fetch', 'shop@current')).toMatchObject({ exitCode: 0, stdout: '# Shop\n\n' });
    });

    it('says E008 and E010 for a variant and a graph that are not there', async () => {
      const file = registry.rover.write('README.md', '# Shop\n');
      expect(await run('readme', 'fetch', 'shop@nope')).toMatchObject(failing('error[E008]'));
      expect(await run('readme', 'fetch', 'nope@current')).toMatchObject(failing('error[E010]'));
      expect(await run('readme', 'publish', 'shop@nope', '--file', file)).toMatchObject(failing('error[E010]'));
    });
  });

  describe('rover contract', () => {
    const contract = ['--include-tag', 'public', '--no-exclude-tags', '--hide-unreachable-types'];

    it('makes a variant of another by tags, and describes it', async () => {
      const made = await run('contract', 'publish', 'shop@public', '--source-variant', 'current', ...contract);
      expect(made).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining('Publishing configuration to shop@public'),
      });
      expect(made.stdout).toContain('This is version 1 of shop@public');
      const { stdout } = await run('contract', 'describe', 'shop@public');
      expect(stdout).toContain('Source: current. Include: public. Exclude: none. Hide unreachable types: yes.');
      expect(stdout).toContain(`${registry.url}/graph/shop/settings/variant?variant=public`);
      expect((await run('graph', 'fetch', 'shop@public')).stdout).not.toContain('topProduct');
    });

    it('is rebuilt when its source changes', async () => {
      await registry.publish('shop@base', 'users', USERS);
      await run('contract', 'publish', 'shop@narrow', '--source-variant', 'base', ...contract);
      await registry.publish('shop@base', 'users', USERS.replace('name: String', 'nick: String @tag(name: "public")'));
      expect((await run('graph', 'fetch', 'shop@narrow')).stdout).toContain('nick');
    });

    it('is changed without being built with --no-launch', async () => {
      const { exitCode } = await run(
        'contract',
        'publish',
        'shop@later',
        '--source-variant',
        'current',
        ...contract,
        '--no-launch',
      );
      expect(exitCode).toBe(0);
      expect(await run('graph', 'fetch', 'shop@later')).toMatchObject(failing('error[E008]'));
    });

    it('says E039 for a variant that is none, E010 for none, and E040 for tags that are none', async () => {
      expect(await run('contract', 'describe', 'shop@current')).toMatchObject(failing('error[E039]'));
      expect(await run('contract', 'describe', 'shop@nope')).toMatchObject(failing('error[E010]'));
      const bad = await run(
        'contract',
        'publish',
        'shop@public',
        '--include-tag',
        'a b',
        '--no-exclude-tags',
        '--hide-unreachable-types',
      );
      expect(bad).toMatchObject(failing('error[E040]'));
      expect(bad.stderr).toContain('"a b" cannot be a tag');
    });
  });

  describe('rover persisted-queries publish', () => {
    const manifest = (body: string, id = 'one') =>
      registry.rover.write(
        'manifest.json',
        JSON.stringify({
          format: 'apollo-persisted-query-manifest',
          version: 1,
          operations: [{ id, name: 'Me', type: 'query', body }],
        }),
      );
    let listId = '';
    beforeAll(async () => {
      const data = await registry.ask(`mutation { graph(id: "shop") {
        createPersistedQueryList(name: "apps", variants: ["current"]) { id }
      } }`);
      listId = (data as { graph: { createPersistedQueryList: { id: string } } }).graph.createPersistedQueryList.id;
    });

    it('is told of a list by its variants, which an administrator can change', async () => {
      expect(await registry.ask('{ graph(id: "shop") { persistedQueryLists { id name variants } } }')).toEqual({
        graph: { persistedQueryLists: [{ id: listId, name: 'apps', variants: ['current'] }] },
      });
      const change = (fields: string) =>
        registry.ask(`mutation ($id: ID!) { graph(id: "shop") { persistedQueryList(id: $id) { ${fields} } } }`, {
          id: listId,
        });
      expect(await change('setVariants(variants: []) { variants }')).toMatchObject({
        graph: { persistedQueryList: { setVariants: { variants: [] } } },
      });
      await change('setVariants(variants: ["current"]) { variants }');
    });

    it('adds operations by graph ref, and the same again changes nothing', async () => {
      const file = manifest('query Me { me { id } }');
      const first = await run('persisted-queries', 'publish', 'shop@current', '--manifest', file);
      expect(first).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining('Successfully added 1 operation, creating revision 1 of apps'),
      });
      const again = await run('persisted-queries', 'publish', 'shop@current', '--manifest', file);
      expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('no changes to apps') });
    });

    it('adds operations by the id of the list, and keeps those of before', async () => {
      const file = manifest('query Me { me { name } }', 'two');
      const { exitCode, stdout } = await run(
        'persisted-queries',
        'publish',
        '--graph-id',
        'shop',
        '--list-id',
        listId,
        '--manifest',
        file,
      );
      expect(exitCode).toBe(0);
      expect(stdout).toContain('which contains 2 operations');
    });

    it('refuses another text under a known id', async () => {
      const { exitCode, stderr } = await run(
        'persisted-queries',
        'publish',
        'shop@current',
        '--manifest',
        manifest('query Me { me { id name } }'),
      );
      expect(exitCode).toBe(1);
      expect(stderr).toContain('an id stands for one text, for ever');
    });

    it('says where to link a list when the variant has none, and E008 and E010 for what is not there', async () => {
      await registry.publish('shop@bare', 'users', USERS);
      const file = manifest('query Me { me { id } }');
      const bare = await run('persisted-queries', 'publish', 'shop@bare', '--manifest', file);
      expect(bare).toMatchObject(failing(`${registry.url}/graph/shop/persisted-queries`));
      expect(await run('persisted-queries', 'publish', 'shop@nope', '--manifest', file)).toMatchObject(
        failing('error[E008]'),
      );
      expect(await run('persisted-queries', 'publish', 'nope@current', '--manifest', file)).toMatchObject(
        failing('error[E010]'),
      );
    });
  });

  describe('rover client check', () => {
    it('passes valid operations and fails others', async () => {
      mkdirSync(`${registry.rover.folder}/operations`, { recursive: true });
      registry.rover.write('operations/me.graphql', 'query Me { me { name } }');
      const check = ['client', 'check', 'shop@current', '--include', 'operations/**'];
      expect((await run(...check)).exitCode).toBe(0);
      registry.rover.write('operations/me.graphql', 'query Me { me { surname } }');
      const { exitCode, stdout, stderr } = await run(...check);
      expect(exitCode).toBe(1);
      expect(stdout + stderr).toContain('FAILURE Cannot query field "surname" on type "User".');
    });

    it('says that a variant serves nothing', async () => {
      const { exitCode, stderr } = await run('client', 'check', 'shop@nope', '--include', 'operations/**');
      expect(exitCode).toBe(1);
      expect(stderr).toContain('shop@nope serves nothing to check operations against.');
    });
  });

  describe('rover api-key', () => {
    it('makes, lists, renames and deletes a key', async () => {
      const made = JSON.parse(
        (await run('api-key', 'create', 'tributary', 'operator', 'ops', '--format', 'json')).stdout,
      );
      expect(made.data).toMatchObject({ success: true });
      const { id, api_key: secret = made.data.token } = made.data as { id: string; api_key?: string; token?: string };
      expect((await registry.rover.as(secret).run(['config', 'whoami', '--format', 'json'])).stdout).toContain('ops');
      expect((await run('api-key', 'list', 'tributary')).stdout).toMatch(/ops.*Never/);
      expect(await run('api-key', 'rename', 'tributary', id, 'operations')).toMatchObject({ exitCode: 0 });
      expect((await run('api-key', 'list', 'tributary')).stdout).toContain('operations');
      expect(await run('api-key', 'delete', 'tributary', id)).toMatchObject({ exitCode: 0 });
      expect((await run('api-key', 'list', 'tributary')).stdout).not.toContain(id);
      expect((await registry.rover.as(secret).run(['config', 'whoami'])).stderr).toContain('E013');
    });

    it('makes a key for one subgraph', async () => {
      const config = registry.rover.write('keys.yaml', 'shop:\n  current: [users]\n');
      const made = await run('api-key', 'create', 'tributary', 'subgraph', 'team', '--subgraph-config', config);
      const secret = /tributary:shop:\S+/.exec(made.stdout)?.[0];
      const file = registry.rover.write('p.graphql', PRODUCTS);
      const publish = [
        'subgraph',
        'publish',
        'shop@current',
        '--name',
        'products',
        '--schema',
        file,
        '--routing-url',
        'http://p.test',
      ];
      expect(await registry.rover.as(secret).run(publish)).toMatchObject(
        failing('may not publish the subgraph "products"'),
      );
    });

    it('says that an owner or a key is not there', async () => {
      expect(await run('api-key', 'list', 'nobody')).toMatchObject(failing('nobody'));
      expect(await run('api-key', 'delete', 'tributary', 'none')).toMatchObject(
        failing('There is no API key with the id "none".'),
      );
      expect((await run('api-key', 'rename', 'tributary', 'none', 'some')).exitCode).toBe(1);
    });
  });

  describe('what the registry does not offer', () => {
    it('has no licences (E044), and needs none', async () => {
      expect(await run('license', 'fetch', '--graph-id', 'shop')).toMatchObject(failing('error[E044]'));
    });

    it('refuses the configuration of cloud routers and graph artifacts', async () => {
      expect((await run('cloud', 'config', 'fetch', 'shop@current')).exitCode).toBe(1);
      expect((await run('graph-artifact', 'list-tags', '--graph-id', 'shop')).exitCode).toBe(1);
    });
  });
});
