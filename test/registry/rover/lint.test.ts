import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RoverRegistry, startRoverRegistry } from '../support/rover-registry.ts';
import { USERS } from '../support/shop.ts';

const SNAKE = USERS.replace('name: String', 'full_name: String');

describe('rover lint', () => {
  let registry: RoverRegistry;
  beforeAll(async () => {
    registry = await startRoverRegistry();
    await registry.publish('shop@current', 'users', USERS);
  });
  afterAll(() => registry.close());

  const lintSubgraph = (sdl: string, ...more: string[]) =>
    registry.rover.run([
      'subgraph',
      'lint',
      'shop@current',
      '--name',
      'users',
      '--schema',
      registry.rover.write('l.graphql', sdl),
      ...more,
    ]);
  const lintGraph = (sdl: string, ...more: string[]) =>
    registry.rover.run(['graph', 'lint', 'shop@current', '--schema', registry.rover.write('l.graphql', sdl), ...more]);

  it('finds nothing in a schema that has nothing', async () => {
    const { exitCode, stdout, stderr } = await lintSubgraph(USERS);
    expect(exitCode).toBe(0);
    expect(stdout + stderr).toContain('No lint violations found in this schema');
  });

  it('reports warnings with their place, and exits with 0', async () => {
    const { exitCode, stdout } = await lintSubgraph(SNAKE);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('WARNING: The name of the field "full_name" of User should be in camelCase.');
    expect(stdout).toContain('l.graphql:7:3');
  });

  it('points at the right place behind characters of several bytes', async () => {
    const { stdout } = await lintSubgraph(SNAKE.replace('  full_name', '  "größer als 🚀" full_name'));
    expect(stdout).toMatch(/l\.graphql:7:\d+/);
    expect(stdout).toContain('full_name');
  });

  it('reports errors (E042) and exits with 1', async () => {
    const { exitCode, stdout, stderr } = await lintSubgraph(`${USERS}\nquery Q { me { id } }`);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('ERROR');
    expect(stderr).toContain('error[E042]');
  });

  it('does not crash over a schema that ends in the middle', async () => {
    const { exitCode, stderr } = await lintSubgraph('type Query {');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error[E042]');
  });

  it('leaves out what is wrong already with --ignore-existing-lint-violations', async () => {
    await registry.publish('shop@current', 'users', SNAKE);
    const { exitCode, stdout, stderr } = await lintSubgraph(SNAKE, '--ignore-existing-lint-violations');
    expect(exitCode).toBe(0);
    expect(stdout + stderr).toContain('No lint violations found in this schema');
  });

  it('lints a whole schema as well, with that flag too', async () => {
    expect((await lintGraph('type Query { a_b: Int }')).stdout).toContain('a_b');
    expect((await lintGraph('type Query { a: Int }', '--ignore-existing-lint-violations')).exitCode).toBe(0);
  });

  it('says E007 for a variant without subgraphs, and E010 for a graph that is not there', async () => {
    const file = registry.rover.write('l.graphql', USERS);
    await registry.publish('shop@emptied', 'users', USERS);
    await registry.rover.run(['subgraph', 'delete', 'shop@emptied', '--name', 'users', '--confirm']);
    const emptied = await registry.rover.run(['subgraph', 'lint', 'shop@emptied', '--name', 'users', '--schema', file]);
    expect(emptied).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('error[E007]') });
    const unknown = await registry.rover.run(['graph', 'lint', 'nope@current', '--schema', file]);
    expect(unknown).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('error[E010]') });
  });
});
