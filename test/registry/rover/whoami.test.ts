import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN_KEY, type RoverRegistry, startRoverRegistry } from '../support/rover-registry.ts';

describe('rover config', () => {
  let registry: RoverRegistry;
  beforeAll(async () => {
    registry = await startRoverRegistry();
  });
  afterAll(() => registry.close());

  it('shows a key of one graph as that graph', async () => {
    const key = await registry.createKey({ name: 'gateway', graphId: 'shop', verbs: ['read'] });
    const { exitCode, stdout } = await registry.rover.as(key).run(['config', 'whoami', '--format', 'json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      data: { success: true, key_type: 'Graph', graph_id: 'shop', graph_title: 'shop', origin: '$APOLLO_KEY' },
      error: null,
    });
  });

  it('shows a key of all graphs as a user with the name of the key', async () => {
    const { exitCode, stdout } = await registry.rover.run(['config', 'whoami', '--format', 'json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      data: { key_type: 'User', user_id: expect.stringMatching(/^administrator \(/) },
    });
  });

  it('says E013 for a key that the registry does not know', async () => {
    const { exitCode, stderr } = await registry.rover.as('nobody').run(['config', 'whoami']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error[E013]: The registry did not recognize the provided API key');
    expect(stderr).toContain('$APOLLO_KEY');
  });

  it('says E013 for a key that was revoked', async () => {
    const { createKey } = (await registry.ask(
      'mutation { createKey(input: { name: "brief", verbs: [read] }) { id secret } }',
    )) as { createKey: { id: string; secret: string } };
    const rover = registry.rover.as(createKey.secret);
    expect((await rover.run(['config', 'whoami'])).exitCode).toBe(0);
    await registry.ask('mutation ($id: ID!) { revokeKey(id: $id) { revokedAt } }', { id: createKey.id });
    expect(await rover.run(['config', 'whoami'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('E013'),
    });
  });

  it('asks nobody without a key', async () => {
    const { exitCode, stderr } = await registry.rover.as(undefined).run(['config', 'whoami'], {
      environment: { APOLLO_REGISTRY_URL: 'http://127.0.0.1:1' },
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error[E020]');
  });

  it('takes the key of a profile, and lists the profiles', async () => {
    const { rover } = registry;
    const { mkdirSync } = await import('node:fs');
    mkdirSync(`${rover.folder}/config/profiles/ci`, { recursive: true });
    rover.write('config/profiles/ci/.sensitive', `api_key = "${ADMIN_KEY}"\n`);
    const who = await rover.as(undefined).run(['config', 'whoami', '--profile', 'ci', '--format', 'json']);
    expect(JSON.parse(who.stdout)).toMatchObject({
      data: { user_id: expect.stringMatching(/^administrator \(/), origin: expect.stringContaining('ci') },
    });
    expect((await rover.run(['config', 'list'])).stderr + (await rover.run(['config', 'list'])).stdout).toContain('ci');
  });
});
