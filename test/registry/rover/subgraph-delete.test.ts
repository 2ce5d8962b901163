import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type RoverRegistry, startRoverRegistry } from '../support/rover-registry.ts';
import { PRODUCTS, USERS } from '../support/shop.ts';

/** Composes only beside a subgraph that defines the field of `User`. */
const NEEDY = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires"])
type User @key(fields: "id") { id: ID! name: String @external greeting: String @requires(fields: "name") }
`;

describe('rover subgraph delete', () => {
  let registry: RoverRegistry;
  let variants = 0;
  let ref = '';
  beforeAll(async () => {
    registry = await startRoverRegistry();
  });
  afterAll(() => registry.close());
  beforeEach(async () => {
    ref = `shop@v${++variants}`;
    await registry.publish(ref, 'users', USERS);
  });

  const remove = (name: string, ...more: string[]) =>
    registry.rover.run(['subgraph', 'delete', ref, '--name', name, ...more]);

  it('removes a subgraph and composes the others', async () => {
    await registry.publish(ref, 'products', PRODUCTS);
    const { exitCode, stderr } = await remove('products', '--confirm');
    expect(exitCode).toBe(0);
    expect(stderr).toContain(
      `The 'products' subgraph was removed from '${ref}'. The remaining subgraphs were composed.`,
    );
    expect((await registry.rover.run(['supergraph', 'fetch', ref])).stdout).not.toContain('topProduct');
  });

  it('predicts and deletes nothing without --confirm and without a terminal', async () => {
    const { exitCode, stderr } = await remove('users');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('Would you like to continue?');
    expect((await registry.rover.run(['subgraph', 'list', ref])).exitCode).toBe(0);
  });

  it('predicts what would not compose', async () => {
    await registry.publish(ref, 'greetings', NEEDY);
    const { stderr } = await remove('users');
    expect(stderr).toMatch(/following build errors would occur|build errors/);
    expect((await registry.rover.run(['subgraph', 'list', ref])).stdout).toContain('users');
  });

  it('exits with 0 and warns when the others do not compose, and serves what it served', async () => {
    await registry.publish(ref, 'greetings', NEEDY);
    const { exitCode, stderr } = await remove('users', '--confirm');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('WARN');
    expect((await registry.rover.run(['supergraph', 'fetch', ref])).stdout).toContain('greeting');
  });

  it('tells those build errors in JSON as E029', async () => {
    await registry.publish(ref, 'greetings', NEEDY);
    const { exitCode, stdout } = await remove('users', '--confirm', '--format', 'json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'E029' } });
  });

  it('deletes the last subgraph, with a warning that nothing else is served', async () => {
    const { exitCode, stderr } = await remove('users', '--confirm');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('WARN');
    expect((await registry.rover.run(['subgraph', 'list', ref])).stderr).toContain('E007');
  });

  it('names the subgraphs there are for one that is not', async () => {
    const { exitCode, stderr } = await remove('orders', '--confirm');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`error: ${ref} has no subgraph "orders"; it has users.`);
  });

  it('says E010 for a graph that is not there', async () => {
    const { exitCode, stderr } = await registry.rover.run([
      'subgraph',
      'delete',
      'nope@v1',
      '--name',
      'users',
      '--confirm',
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error[E010]');
  });
});
