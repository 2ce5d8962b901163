import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FEDERATION_VERSION } from '../../../composition/federation-version.ts';
import { type RoverRegistry, startRoverRegistry } from '../support/rover-registry.ts';
import { PRODUCTS, UNCOMPOSABLE, USERS } from '../support/shop.ts';

describe('rover supergraph compose', () => {
  let registry: RoverRegistry;
  beforeAll(async () => {
    registry = await startRoverRegistry();
    registry.rover.write('users.graphql', USERS);
    registry.rover.write('broken.graphql', UNCOMPOSABLE);
    registry.rover.write('products.graphql', PRODUCTS);
    await registry.publish('shop@current', 'users', USERS);
  });
  afterAll(() => registry.close());

  function yaml(version: string | undefined, subgraphs: Readonly<Record<string, string>>): string {
    const lines = Object.entries(subgraphs).map(
      ([name, schema]) => `  ${name}:\n    routing_url: http://${name}.test\n    schema: ${schema}`,
    );
    return `${version === undefined ? '' : `federation_version: ${version}\n`}subgraphs:\n${lines.join('\n')}\n`;
  }

  const compose = (
    text: string,
    more: readonly string[] = [],
    environment: Record<string, string> = {},
    key?: string,
  ) =>
    (key === undefined ? registry.rover : registry.rover.as(key)).run(
      [
        'supergraph',
        'compose',
        '--skip-update-check',
        '--config',
        registry.rover.write('supergraph.yaml', text),
        ...more,
      ],
      {
        environment: {
          APOLLO_ELV2_LICENSE: 'accept',
          APOLLO_ROVER_DOWNLOAD_HOST: registry.url,
          APOLLO_ROVER_SKIP_UPDATE: '0',
          ...environment,
        },
      },
    );
  const both = { users: '{ file: ./users.graphql }', products: '{ file: ./products.graphql }' };

  it('gets the plugin from the registry and composes there, with no other host', async () => {
    const { exitCode, stdout, stderr } = await compose(yaml('2', both));
    expect(stderr).toContain(`downloading the 'supergraph' plugin from ${registry.url}/tar/supergraph/`);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('@join__graph(name: "users", url: "http://users.test")');
    expect(existsSync(join(registry.rover.folder, '.rover/bin', `supergraph-v${FEDERATION_VERSION}`))).toBe(true);
  });

  it('takes an exact version, and the plugin that is there with updates off', async () => {
    expect((await compose(yaml(`=${FEDERATION_VERSION}`, both))).exitCode).toBe(0);
    expect(
      (
        await compose(yaml('2', both), [], {
          APOLLO_ROVER_SKIP_UPDATE: '1',
          APOLLO_ROVER_DOWNLOAD_HOST: 'http://127.0.0.1:1',
        })
      ).exitCode,
    ).toBe(0);
    expect((await compose(yaml(undefined, both), ['--federation-version', `=${FEDERATION_VERSION}`])).exitCode).toBe(0);
  });

  it('has no other version', async () => {
    const { exitCode, stderr } = await compose(yaml('=2.9.0', both));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('404');
  });

  it('tells build errors as E029', async () => {
    const { exitCode, stderr } = await compose(yaml('2', { users: '{ file: ./broken.graphql }' }));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error[E029]');
    expect(stderr).toContain('KEY_INVALID_FIELDS: [users]');
    const json = await compose(yaml('2', { users: '{ file: ./broken.graphql }' }), ['--format', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      error: { code: 'E029', details: { build_errors: [{ code: 'KEY_INVALID_FIELDS' }] } },
    });
  });

  it('prints hints, and the supergraph all the same', async () => {
    registry.rover.write('described.graphql', USERS.replace('type User', '"A person." type User'));
    registry.rover.write('other.graphql', PRODUCTS.replace('type User', '"A buyer." type User'));
    const { exitCode, stderr } = await compose(
      yaml('2', { users: '{ file: ./described.graphql }', products: '{ file: ./other.graphql }' }),
    );
    expect(exitCode).toBe(0);
    expect(stderr).toContain('HINT');
  });

  it('composes what is published with --graph-ref, and a local subgraph beside it', async () => {
    const published = await registry.rover.run(
      ['supergraph', 'compose', '--skip-update-check', '--graph-ref', 'shop@current'],
      {
        environment: { APOLLO_ELV2_LICENSE: 'accept' },
      },
    );
    expect(published).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('name: "users"') });
    const mixed = await compose(yaml('2', { products: '{ file: ./products.graphql }' }), [
      '--graph-ref',
      'shop@current',
    ]);
    expect(mixed.stdout).toMatch(/name: "products"[\s\S]*name: "users"/);
    const unknown = await compose(yaml('2', both), ['--graph-ref', 'shop@nope']);
    expect(unknown.exitCode).toBe(1);
  });

  it('takes a subgraph from the registry in the file', async () => {
    const { exitCode, stdout } = await compose(yaml('2', { users: '{ graphref: shop@current, subgraph: users }' }));
    expect(exitCode).toBe(0);
    expect(stdout).toContain('name: String');
  });

  it('says what is wrong when the registry does not know the key, and when it cannot be reached', async () => {
    const denied = await compose(yaml('2', both), [], {}, 'nobody');
    expect(denied).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('KEY_INVALID') });
    const away = await compose(yaml(`=${FEDERATION_VERSION}`, both), [], { APOLLO_REGISTRY_URL: 'http://127.0.0.1:1' });
    expect(away).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('The registry at http://127.0.0.1:1/compose cannot be reached'),
    });
  });

  it('refuses federation 1 for schemas of federation 2, and a licence that was not accepted, without asking anybody', async () => {
    const one = await compose(yaml('1', both));
    expect(one).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("contain '@link' directives") });
    const unaccepted = await registry.rover.run(
      [
        'supergraph',
        'compose',
        '--skip-update-check',
        '--config',
        registry.rover.write('supergraph.yaml', yaml('2', both)),
      ],
      {
        environment: { APOLLO_CONFIG_HOME: join(registry.rover.folder, 'unaccepted') },
      },
    );
    expect(unaccepted).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('license') });
  });

  describe('what the registry hands out', () => {
    it('names the version behind latest-2 to HEAD, and gives the archive to GET', async () => {
      const path = '/tar/supergraph/x86_64-unknown-linux-gnu/latest-2';
      const head = await fetch(`${registry.url}${path}`, { method: 'HEAD' });
      expect([head.status, head.headers.get('x-version')]).toEqual([200, `v${FEDERATION_VERSION}`]);
      const archive = new Uint8Array(await (await fetch(`${registry.url}${path}`)).arrayBuffer());
      expect([...archive.slice(0, 2)]).toEqual([0x1f, 0x8b]);
    });

    it('has no other plugin, and none for Windows', async () => {
      for (const path of ['router/x86_64-unknown-linux-gnu/latest-2', 'supergraph/x86_64-pc-windows-msvc/latest-2']) {
        expect((await fetch(`${registry.url}/tar/${path}`)).status).toBe(404);
      }
    });

    it('answers a file that is no supergraph.yaml with the place that is wrong', async () => {
      const response = await fetch(`${registry.url}/compose`, {
        method: 'POST',
        headers: { 'content-type': 'application/yaml', 'x-api-key': 'an administrator of a test' },
        body: 'subgraphs: { users: 5 }',
      });
      expect(await response.json()).toMatchObject({
        Err: { build_errors: [{ message: expect.stringContaining('subgraphs.users') }] },
      });
    });
  });
});
