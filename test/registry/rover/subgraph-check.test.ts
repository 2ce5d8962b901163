import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RoverRegistry, startRoverRegistry } from '../support/rover-registry.ts';
import { PRODUCTS, UNCOMPOSABLE, USERS } from '../support/shop.ts';

const RENAMED = USERS.replace('name: String', 'fullName: String');
const EXTENDED = USERS.replace('name: String', 'name: String\n  fullName: String');

describe('rover subgraph check', () => {
  let registry: RoverRegistry;
  beforeAll(async () => {
    registry = await startRoverRegistry();
    await registry.publish('shop@current', 'users', USERS);
    await registry.publish('shop@current', 'products', PRODUCTS);
  });
  afterAll(() => registry.close());

  const check = (sdl: string, ...more: string[]) =>
    registry.rover.run([
      ...['subgraph', 'check', 'shop@current', '--name', 'users', '--schema'],
      ...[registry.rover.write('proposed.graphql', sdl), ...more],
    ]);

  it('passes what changes nothing, at once', async () => {
    const { exitCode, stdout } = await check(USERS);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('There were no changes detected in the composed schema.');
  });

  it('passes an addition, and lists it', async () => {
    const { exitCode, stdout } = await check(EXTENDED);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('the core schema was modified');
    expect(stdout).toMatch(/PASS.*FIELD_ADDED/);
  });

  it('fails a removal when no usage was reported (E043), and links to the check', async () => {
    const { exitCode, stdout, stderr } = await check(RENAMED);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('Compared 2 schema changes against 0 operations.');
    expect(stdout).toMatch(/FAIL.*FIELD_REMOVED/);
    // What an override needs.
    expect(stdout).toContain('[User.name]');
    expect(stdout).toContain(`${registry.url}/graph/shop/checks/`);
    expect(stderr).toContain('error[E043]: The changes in the schema you proposed caused operation checks to fail.');
  });

  it('tells all of it in JSON', async () => {
    const { exitCode, stdout } = await check(RENAMED, '--format', 'json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      json_version: '2',
      data: {
        success: false,
        core_schema_modified: true,
        tasks: { operations: { task_status: 'FAILED', failure_count: 1 }, lint: { task_status: 'PASSED' } },
      },
      error: { code: 'E043' },
    });
  });

  it('lets a change through for which there is an override', async () => {
    await registry.publish('shop@overridden', 'users', USERS);
    await registry.ask(`mutation { graph(id: "shop") { variant(name: "overridden") {
      addOverride(code: "FIELD_REMOVED", coordinate: "User.name", reason: "nobody asks for it") { actor }
    } } }`);
    const file = registry.rover.write('renamed.graphql', RENAMED);
    const { exitCode } = await registry.rover.run([
      'subgraph',
      'check',
      'shop@overridden',
      '--name',
      'users',
      '--schema',
      file,
    ]);
    expect(exitCode).toBe(0);
  });

  it('fails what does not compose with E029, and nothing else is told', async () => {
    const { exitCode, stderr } = await check(UNCOMPOSABLE);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("error[E029]: Encountered 1 build error while trying to build subgraph 'users'");
    expect(stderr).toContain('KEY_INVALID_FIELDS');
  });

  it('fails for what a rule of lint of this variant calls an error', async () => {
    await registry.publish('shop@strict', 'users', USERS);
    await registry.ask(`mutation { graph(id: "shop") { variant(name: "strict") {
      setPolicy(policy: { lint: [{ rule: "FIELD_NAMES_SHOULD_BE_CAMEL_CASE", level: ERROR }] }) { lint { rule level } }
    } } }`);
    const file = registry.rover.write('snake.graphql', EXTENDED.replace('fullName', 'full_name'));
    const { exitCode, stdout, stderr } = await registry.rover.run([
      'subgraph',
      'check',
      'shop@strict',
      '--name',
      'users',
      '--schema',
      file,
    ]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/ERROR.*User\.full_name/);
    expect(stderr).toContain('E043');
    expect(stderr).toContain('linter');
  });

  it('tells which contracts it fails', async () => {
    await registry.publish('shop@source', 'users', USERS);
    await registry.rover.run([
      'contract',
      'publish',
      'shop@narrow',
      '--source-variant',
      'source',
      '--include-tag',
      'public',
      '--no-exclude-tags',
      '--no-hide-unreachable-types',
    ]);
    const file = registry.rover.write('untagged.graphql', USERS.replaceAll(' @tag(name: "public")', ''));
    const { exitCode, stdout, stderr } = await registry.rover.run([
      'subgraph',
      'check',
      'shop@source',
      '--name',
      'users',
      '--schema',
      file,
    ]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/Downstream Check \[FAILED\]/);
    expect(stdout).toContain('narrow');
    expect(stderr).toContain('E043');
  });

  it('gives the id and the page of a check with --background', async () => {
    const { exitCode, stdout } = await check(RENAMED, '--background');
    expect(exitCode).toBe(0);
    const id = /workflow ID: ([0-9a-f-]{36})/.exec(stdout)?.[1];
    const page = `/graph/shop/checks/${id}`;
    expect(stdout).toContain(`${registry.url}${page}`);
    expect(await (await registry.browse(page)).text()).toContain('FIELD_REMOVED');
  });

  it('takes thresholds and a period', async () => {
    const { exitCode, stdout } = await check(
      EXTENDED,
      '--query-count-threshold',
      '3',
      '--query-percentage-threshold',
      '5',
      '--validation-period',
      '24h',
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain('FIELD_ADDED');
  });

  it('says E010 for a variant or graph that is not there, and E007 for one that was emptied', async () => {
    const file = registry.rover.write('proposed.graphql', USERS);
    const checkAt = (ref: string) =>
      registry.rover.run(['subgraph', 'check', ref, '--name', 'users', '--schema', file]);
    expect((await checkAt('shop@nope')).stderr).toContain('error[E010]');
    expect((await checkAt('nope@current')).stderr).toContain('error[E010]');
    await registry.publish('shop@emptied', 'users', USERS);
    await registry.rover.run(['subgraph', 'delete', 'shop@emptied', '--name', 'users', '--confirm']);
    expect(await checkAt('shop@emptied')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('error[E007]'),
    });
  });

  it('refuses a key that may not, in its own words (E033)', async () => {
    const key = await registry.createKey({
      name: 'products team',
      graphId: 'shop',
      subgraph: 'products',
      verbs: ['check', 'publish'],
    });
    const file = registry.rover.write('proposed.graphql', USERS);
    const { exitCode, stderr } = await registry.rover
      .as(key)
      .run(['subgraph', 'check', 'shop@current', '--name', 'users', '--schema', file]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error[E033]');
    expect(stderr).toMatch(
      /The API key "products team \([\da-f]{8}\)" may not check the subgraph "users" of shop@current/,
    );
  });

  describe('with publish --check', () => {
    it('publishes nothing when the check fails', async () => {
      const { exitCode, stderr, stdout } = await registry.publish('shop@current', 'users', RENAMED, [
        '--routing-url',
        'http://u.test',
        '--check',
      ]);
      expect(exitCode).toBe(1);
      expect(stderr + stdout).toContain('Schema check failed — no changes were published');
      expect((await registry.rover.run(['subgraph', 'fetch', 'shop@current', '--name', 'users'])).stdout.trim()).toBe(
        USERS.trim(),
      );
    });

    it('publishes when it passes', async () => {
      await registry.publish('shop@checked', 'users', USERS);
      const { exitCode, stderr } = await registry.publish('shop@checked', 'users', EXTENDED, [
        '--routing-url',
        'http://u.test',
        '--check',
      ]);
      expect(exitCode).toBe(0);
      expect(stderr).toContain("The 'users' subgraph in 'shop@checked' was updated");
    });
  });
});
