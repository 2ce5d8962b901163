import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RoverRegistry, startRoverRegistry } from '../support/rover-registry.ts';
import { PRODUCTS, USERS } from '../support/shop.ts';

describe('what a registry refuses, as rover shows it', () => {
  let registry: RoverRegistry;
  beforeAll(async () => {
    registry = await startRoverRegistry();
    await registry.publish('shop@current', 'users', USERS);
    await registry.publish('shop@current', 'products', PRODUCTS);
  });
  afterAll(() => registry.close());

  const refused = (message: string) => ({ exitCode: 1, stderr: expect.stringContaining(message) });

  it('is a schema that does not parse, with the place, and nothing is stored', async () => {
    const broken = await registry.publish('shop@current', 'users', 'type Query {\n  me: User!!\n}\n');
    expect(broken).toMatchObject(refused('error: The schema of "users" is not GraphQL: Syntax Error'));
    expect(broken.stderr).toContain('line 2');
    const checked = await registry.rover.run([
      'subgraph',
      'check',
      'shop@current',
      '--name',
      'users',
      '--schema',
      'users.graphql',
    ]);
    expect(checked).toMatchObject(refused('is not GraphQL'));
    expect((await registry.rover.run(['subgraph', 'fetch', 'shop@current', '--name', 'users'])).stdout.trim()).toBe(
      USERS.trim(),
    );
  });

  it('is a schema of 5 MB, at once', async () => {
    const huge = `${USERS}\n# ${'x'.repeat(5_000_000)}\n`;
    expect(await registry.publish('shop@current', 'users', huge)).toMatchObject(
      refused('The schema of "users" has 5.0 MB, and the registry takes 4.0 MB at most'),
    );
    const checked = await registry.rover.run([
      'subgraph',
      'check',
      'shop@current',
      '--name',
      'users',
      '--schema',
      'users.graphql',
    ]);
    expect(checked).toMatchObject(refused('takes 4.0 MB at most'));
    const linted = await registry.rover.run([
      'subgraph',
      'lint',
      'shop@current',
      '--name',
      'users',
      '--schema',
      'users.graphql',
    ]);
    expect(linted).toMatchObject(refused('at most (schemaLimitBytes)'));
  });

  it('is a request of 20 MB, at once too', async () => {
    const { exitCode, stderr } = await registry.publish('shop@current', 'users', `# ${'x'.repeat(20_000_000)}\n`);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'error: The request has 20.0 MB, and the registry takes 4.0 MB at most (schemaLimitBytes).',
    );
  });

  it('is a key that is not known, for every command', async () => {
    const rover = registry.rover.as('nobody');
    const file = registry.rover.write('users.graphql', USERS);
    const manifest = registry.rover.write(
      'm.json',
      JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations: [] }),
    );
    registry.rover.write('operation.graphql', 'query Me { me { id } }');
    const commands = [
      ['subgraph', 'publish', 'shop@current', '--name', 'users', '--schema', file, '--routing-url', 'http://u.test'],
      ['subgraph', 'check', 'shop@current', '--name', 'users', '--schema', file],
      ['subgraph', 'fetch', 'shop@current', '--name', 'users'],
      ['subgraph', 'list', 'shop@current'],
      ['subgraph', 'delete', 'shop@current', '--name', 'users', '--confirm'],
      ['subgraph', 'lint', 'shop@current', '--name', 'users', '--schema', file],
      ['supergraph', 'fetch', 'shop@current'],
      ['graph', 'fetch', 'shop@current'],
      ['graph', 'lint', 'shop@current', '--schema', file],
      ['graph', 'publish', 'shop@current', '--schema', file],
      ['graph', 'check', 'shop@current', '--schema', file],
      ['graph', 'delete', 'shop@current', '--confirm'],
      ['readme', 'fetch', 'shop@current'],
      ['contract', 'describe', 'shop@current'],
      ['persisted-queries', 'publish', 'shop@current', '--manifest', manifest],
      ['client', 'check', 'shop@current', '--include', 'operation.graphql'],
      ['api-key', 'list', 'tributary'],
      ['supergraph', 'compose', '--skip-update-check', '--graph-ref', 'shop@current', '--elv2-license', 'accept'],
    ];
    const results = await Promise.all(commands.map((command) => rover.run(command)));
    const silent = commands.filter((_, index) => {
      const { exitCode, stderr = '', stdout = '' } = results[index] ?? {};
      return exitCode !== 1 || !(stderr + stdout).includes('There is no API key, or the registry does not know it');
    });
    expect(silent.map((command) => command.join(' '))).toEqual([]);
  });

  it("is another team's subgraph, while the team's own is taken", async () => {
    const key = await registry.createKey({
      name: 'users team',
      graphId: 'shop',
      variant: 'current',
      subgraph: 'users',
      verbs: ['check', 'publish'],
    });
    const rover = registry.rover.as(key);
    const products = registry.rover.write('products.graphql', PRODUCTS.replace('topProduct', 'bestProduct'));
    const publish = (ref: string, name: string, file: string) =>
      rover.run(['subgraph', 'publish', ref, '--name', name, '--schema', file, '--routing-url', 'http://x.test']);
    expect(await publish('shop@current', 'products', products)).toMatchObject(
      refused(
        ' may not publish the subgraph "products" of shop@current: it is for check, publish on the subgraph "users" of shop@current.',
      ),
    );
    expect(await publish('shop@staging', 'users', products)).toMatchObject(refused('may not publish'));
    expect(await rover.run(['subgraph', 'delete', 'shop@current', '--name', 'products', '--confirm'])).toMatchObject(
      refused('may not publish'),
    );
    expect(
      await rover.run([
        'contract',
        'publish',
        'shop@c',
        '--source-variant',
        'current',
        '--include-tag',
        'public',
        '--no-exclude-tags',
        '--hide-unreachable-types',
      ]),
    ).toMatchObject(refused('may not administer shop@c'));
    const users = registry.rover.write('users.graphql', USERS.replace('name: String', 'name: String!'));
    expect(await publish('shop@current', 'users', users)).toMatchObject({ exitCode: 0 });
  });

  it('writes refused attempts of known keys into the audit log', async () => {
    const { audit } = (await registry.ask('{ audit(graphId: "shop") { actor action outcome details } }')) as {
      audit: unknown[];
    };
    expect(audit).toContainEqual(
      expect.objectContaining({
        actor: expect.stringMatching(/^users team \([\da-f]{8}\)$/),
        action: 'subgraph.publish',
        outcome: 'ACCESS_DENIED',
        details: '{"subgraph":"products"}',
      }),
    );
  });

  it('is a key of another graph', async () => {
    await registry.ask('mutation { createGraph(id: "other") { id } }');
    const key = await registry.createKey({ name: 'other', graphId: 'other', verbs: ['admin'] });
    expect(await registry.rover.as(key).run(['subgraph', 'list', 'shop@current'])).toMatchObject(
      refused(' may not read shop: it is for admin on other.'),
    );
  });

  it('is a name that cannot be one', async () => {
    expect(await registry.publish('shop@current', '1st', USERS)).toMatchObject(
      refused('"1st" cannot be the name of a subgraph'),
    );
    expect(await registry.publish('shop@a b', 'users', USERS)).toMatchObject(
      refused('cannot be the name of a variant'),
    );
    const badRef = await registry.publish('1shop@current', 'users', USERS);
    expect(badRef.exitCode).toBe(2);
  });
});
