import { startRegistry } from '../../../registry/app.ts';
import { registryConfig } from '../../../registry/config.ts';
import { createLog } from '../../../service/logs.ts';
import { ClosingStack, type Running } from '../../../service/run.ts';
import { createRover, type Rover, type RoverResult } from '../../support/rover.ts';
import { createTestDatabase } from '../../support/servers.ts';

/** A whole registry on the embedded Postgres, and the real rover with the administrator's key. */
export interface RoverRegistry extends Running {
  readonly url: string;
  readonly rover: Rover;
  /** Publishes a subgraph by rover, with its URL. */
  publish(ref: string, name: string, sdl: string, more?: readonly string[]): Promise<RoverResult>;
  /** Asks what operators ask, by GraphQL. @returns the data @throws with the messages of its errors */
  ask(query: string, variables?: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
  /** Gets a page, with the administrator's key. */
  browse(path: string): Promise<Response>;
  /** Makes a key. @returns its secret */
  createKey(input: Readonly<Record<string, unknown>>): Promise<string>;
}

/** What may do everything in a test's registry. */
export const ADMIN_KEY = 'an administrator of a test';

/**
 * @param options of the registry besides those that a test always sets
 * @param between makes the address by which the registry reaches the database
 */
export async function startRoverRegistry(
  options: Readonly<Record<string, unknown>> = {},
  between: (databaseUrl: string) => Promise<string> = async (url) => url,
): Promise<RoverRegistry> {
  const stack = new ClosingStack();
  const database = stack.add('database', await createTestDatabase());
  const config = registryConfig.parse({ http: { port: 0 }, adminKey: ADMIN_KEY, graphs: ['shop'], ...options });
  const log = createLog('registry', 'silent');
  const shared = { url: await between(database.url), isEmbedded: true };
  const { url } = stack.add('registry', await startRegistry(config, log, shared));
  const rover = stack.add('rover', createRover(url, ADMIN_KEY));

  async function ask(query: string, variables: Readonly<Record<string, unknown>> = {}) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': ADMIN_KEY },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as {
      data: Record<string, unknown>;
      errors?: { message: string }[];
    };
    if (errors !== undefined) throw new Error(errors.map(({ message }) => message).join('\n'));
    return data;
  }

  return {
    url,
    rover,
    ask,
    publish: (ref, name, sdl, more = ['--routing-url', `http://${name}.test/graphql`]) => {
      const file = rover.write(`${name}.graphql`, sdl);
      return rover.run(['subgraph', 'publish', ref, '--name', name, '--schema', file, ...more]);
    },
    browse: (path) => fetch(`${url}${path}`, { headers: { 'x-api-key': ADMIN_KEY } }),
    createKey: async (input) => {
      const data = await ask('mutation ($input: CreateKeyInput!) { createKey(input: $input) { secret } }', { input });
      return (data.createKey as { secret: string }).secret;
    },
    close: () => stack.close(),
  };
}
