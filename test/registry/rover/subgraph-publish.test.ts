import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RoverRegistry, startRoverRegistry } from '../support/rover-registry.ts';
import { PRODUCTS, UNCOMPOSABLE, USERS } from '../support/shop.ts';

describe('rover subgraph publish', () => {
  let registry: RoverRegistry;
  let variants = 0;
  /** A variant of its own for each test. */
  const nextRef = () => `shop@v${++variants}`;
  beforeAll(async () => {
    registry = await startRoverRegistry();
  });
  afterAll(() => registry.close());

  async function newestVersion(ref: string): Promise<Record<string, unknown>> {
    const name = ref.replace('shop@', '');
    const data = await registry.ask(
      `query ($name: String!) {
        graph(id: "shop") { variant(name: $name) { versions(first: 1) {
          number kind subgraph isCurrent actor git { branch commit committer message remoteUrl }
          subgraphs { name url } errors { code } changes { code coordinate }
        } } }
      }`,
      { name },
    );
    return (data as { graph: { variant: { versions: Record<string, unknown>[] } } }).graph.variant.versions[0] ?? {};
  }

  it('makes the variant with the first subgraph', async () => {
    const ref = nextRef();
    const { exitCode, stdout, stderr } = await registry.publish(ref, 'users', USERS);
    expect(exitCode).toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toMatch(new RegExp(`A new subgraph called 'users' was created in '${ref}' \\(#[0-9a-f]{64}\\)`));
    expect(stderr).toContain(
      `The supergraph schema for '${ref}' was updated, composed from the updated 'users' subgraph`,
    );
    expect(stderr).toContain(`This is version 1 of ${ref}: ${registry.url}/graph/shop/service-list`);
    expect(await newestVersion(ref)).toMatchObject({
      number: 1,
      kind: 'publish',
      isCurrent: true,
      actor: expect.stringMatching(/^administrator \([\da-f]{8}\)$/),
    });
  });

  it('says that a known subgraph was updated', async () => {
    const ref = nextRef();
    await registry.publish(ref, 'users', USERS);
    const { exitCode, stderr } = await registry.publish(
      ref,
      'users',
      USERS.replace('name: String', 'fullName: String'),
    );
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`The 'users' subgraph in '${ref}' was updated`);
    expect(await newestVersion(ref)).toMatchObject({
      changes: expect.arrayContaining([{ code: 'FIELD_REMOVED', coordinate: 'User.name' }]),
    });
  });

  it('changes nothing when the same is published again', async () => {
    const ref = nextRef();
    await registry.publish(ref, 'users', USERS);
    const { exitCode, stderr } = await registry.publish(ref, 'users', USERS);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("The 'users' subgraph was NOT updated because no changes were detected");
    expect(stderr).toContain(`The supergraph schema for '${ref}' was NOT updated with a new schema`);
    expect(await newestVersion(ref)).toMatchObject({ number: 1 });
  });

  it('keeps where the change was made, and the message for the changelog', async () => {
    const ref = nextRef();
    const file = registry.rover.write('users.graphql', USERS);
    await registry.rover.run(
      [
        'subgraph',
        'publish',
        ref,
        '--name',
        'users',
        '--schema',
        file,
        '--routing-url',
        'http://u.test',
        '--changelog-message',
        'names',
      ],
      {
        environment: {
          APOLLO_VCS_BRANCH: 'main',
          APOLLO_VCS_COMMIT: 'abc123',
          APOLLO_VCS_AUTHOR: 'Ann <ann@example.com>',
          APOLLO_VCS_REMOTE_URL: 'https://ann@example.com:secret@git.example.com/Shop.git',
        },
      },
    );
    expect(await newestVersion(ref)).toMatchObject({
      git: { branch: 'main', commit: 'abc123', committer: 'Ann <ann@example.com>', message: 'names' },
    });
    expect(JSON.stringify(await newestVersion(ref))).not.toContain('secret');
  });

  it('exits with 0 and a warning when the subgraphs do not compose, and keeps the last supergraph', async () => {
    const ref = nextRef();
    await registry.publish(ref, 'users', USERS);
    const { exitCode, stderr } = await registry.publish(ref, 'users', UNCOMPOSABLE);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('The following build errors occurred:');
    expect(stderr).toContain('KEY_INVALID_FIELDS: [users] On type "User"');
    expect(stderr).toContain(`The supergraph schema for '${ref}' was NOT updated with a new schema`);
    expect(await newestVersion(ref)).toMatchObject({
      number: 2,
      isCurrent: false,
      errors: [{ code: 'KEY_INVALID_FIELDS' }],
    });
    expect((await registry.rover.run(['supergraph', 'fetch', ref])).stdout).toContain('name: String');
  });

  it('tells build errors in JSON as E029 beside success', async () => {
    const ref = nextRef();
    await registry.publish(ref, 'users', USERS);
    const { exitCode, stdout } = await registry.publish(ref, 'users', UNCOMPOSABLE, [
      '--routing-url',
      'http://u.test',
      '--format',
      'json',
    ]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      data: { success: true },
      error: { code: 'E029', details: { build_errors: [{ code: 'KEY_INVALID_FIELDS' }] } },
    });
  });

  it('exits with 1 for build errors where the policy of the variant says so', async () => {
    const ref = nextRef();
    await registry.publish(ref, 'users', USERS);
    await registry.ask(
      `mutation ($name: String!) { graph(id: "shop") { variant(name: $name) {
        setPolicy(policy: { failedPublishIsError: true }) { failedPublishIsError }
      } } }`,
      { name: ref.replace('shop@', '') },
    );
    const { exitCode, stderr } = await registry.publish(ref, 'users', UNCOMPOSABLE);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error: It was published as version 2, and the subgraphs do not compose:');
    expect(stderr).toContain('KEY_INVALID_FIELDS');
    expect(await newestVersion(ref)).toMatchObject({ number: 2, isCurrent: false });
    expect(await registry.publish(ref, 'users', UNCOMPOSABLE)).toMatchObject({
      ...{ exitCode: 1, stderr: expect.stringContaining(`Nothing changed; ${ref} does not compose since version 2:`) },
    });
  });

  it('exits with 0 for a subgraph that has not changed, whoever has broken the variant, and says since when', async () => {
    const ref = nextRef();
    await registry.publish(ref, 'products', PRODUCTS);
    await registry.publish(ref, 'users', UNCOMPOSABLE);
    await registry.ask(
      `mutation ($name: String!) { graph(id: "shop") { variant(name: $name) {
        setPolicy(policy: { failedPublishIsError: true }) { failedPublishIsError }
      } } }`,
      { name: ref.replace('shop@', '') },
    );
    const { exitCode, stderr } = await registry.publish(ref, 'products', PRODUCTS);
    expect({ exitCode, stderr }).toMatchObject({
      ...{ exitCode: 0, stderr: expect.stringContaining(`Nothing changed; ${ref} does not compose since version 2.`) },
    });
  });

  it('reports a version of federation that does not fit as a build error', async () => {
    const ref = nextRef();
    const { exitCode, stderr } = await registry.publish(ref, 'users', USERS.replace('v2.9', 'v2.99'));
    expect(exitCode).toBe(0);
    expect(stderr).toContain('UNKNOWN_FEDERATION_LINK_VERSION');
  });

  it('takes the URL that is known when none is given', async () => {
    const ref = nextRef();
    await registry.publish(ref, 'users', USERS);
    const { exitCode } = await registry.publish(ref, 'users', USERS.replace('name: String', 'nick: String'), []);
    expect(exitCode).toBe(0);
    expect(await newestVersion(ref)).toMatchObject({ subgraphs: [{ url: 'http://users.test/graphql' }] });
  });

  it('asks for a URL (E041) for a subgraph that is not known', async () => {
    const ref = nextRef();
    await registry.publish(ref, 'users', USERS);
    const { exitCode, stderr } = await registry.publish(ref, 'products', PRODUCTS, []);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error[E041]: You cannot publish a new subgraph without specifying a routing URL');
  });

  it('says E010 for a variant that is not known when no URL is given', async () => {
    const { exitCode, stderr } = await registry.publish(nextRef(), 'users', USERS, []);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error[E010]');
  });

  it('publishes without a URL, and needs that said again', async () => {
    const ref = nextRef();
    const first = await registry.publish(ref, 'users', USERS, ['--no-url']);
    expect(first.exitCode).toBe(0);
    expect(first.stderr).toContain('WARNING: "users" has no routing URL. A gateway refuses such a supergraph');
    expect(await newestVersion(ref)).toMatchObject({ subgraphs: [{ name: 'users', url: null }] });
    expect(await registry.publish(ref, 'users', USERS, [])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('E005'),
    });
    expect((await registry.publish(ref, 'users', USERS, ['--no-url'])).exitCode).toBe(0);
  });

  it('refuses --no-url beside a URL, and a URL that is none, without asking the registry', async () => {
    const both = await registry.publish(nextRef(), 'users', USERS, ['--no-url', '--routing-url', 'http://u.test']);
    expect(both).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('--no-url and --routing-url') });
    const bad = await registry.publish(nextRef(), 'users', USERS, ['--routing-url', 'ftp://u.test']);
    expect(bad.exitCode).toBe(1);
  });

  it('takes any URL with --allow-invalid-routing-url, and a local one with a warning', async () => {
    const ref = nextRef();
    const any = await registry.publish(ref, 'users', USERS, [
      '--routing-url',
      'ftp://u.test',
      '--allow-invalid-routing-url',
    ]);
    expect(any.exitCode).toBe(0);
    expect(any.stderr).toContain(
      'WARNING: "users" has the routing URL "ftp://u.test", which is no http or https address',
    );
    expect(await newestVersion(ref)).toMatchObject({ subgraphs: [{ url: 'ftp://u.test' }] });
    const local = await registry.publish(ref, 'users', USERS, ['--routing-url', 'http://localhost:4001']);
    expect(local.exitCode).toBe(0);
    expect(local.stderr).toContain('not routable');
    expect(local.stderr).not.toContain('A gateway refuses');
  });

  it('takes a schema from standard input', async () => {
    const ref = nextRef();
    const { exitCode } = await registry.rover.run(
      ['subgraph', 'publish', ref, '--name', 'users', '--schema', '-', '--routing-url', 'http://u.test'],
      { input: USERS },
    );
    expect(exitCode).toBe(0);
    expect((await registry.rover.run(['subgraph', 'fetch', ref, '--name', 'users'])).stdout.trim()).toBe(USERS.trim());
  });

  it('publishes the example schema, and with --convert without asking what is there', async () => {
    const ref = nextRef();
    const example = await registry.rover.run([
      'subgraph',
      'publish',
      ref,
      '--name',
      'example',
      '--use-example-schema',
      '--routing-url',
      'http://u.test',
    ]);
    expect(example.exitCode).toBe(0);
    expect(await newestVersion(ref)).toMatchObject({ subgraphs: [{ name: 'example', url: 'https://example.com' }] });
    expect(
      (await registry.publish(ref, 'users', USERS, ['--convert', '--routing-url', 'http://u.test'])).exitCode,
    ).toBe(0);
  });

  it('lets a variant that was emptied be published to again', async () => {
    const ref = nextRef();
    await registry.publish(ref, 'users', USERS);
    await registry.rover.run(['subgraph', 'delete', ref, '--name', 'users', '--confirm']);
    const { exitCode, stderr } = await registry.publish(ref, 'users', USERS);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("A new subgraph called 'users' was created");
  });

  it('says E010 for a graph that is not there', async () => {
    const { exitCode, stderr } = await registry.publish('nope@current', 'users', USERS);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("error[E010]: Could not find graph with name 'nope@current'");
  });
});
