import { hash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ADMIN_KEY, type RoverRegistry, startRoverRegistry } from '../support/rover-registry.ts';

/** The registry of the console's tests: the example graph, published by rover, with a history. */
export interface ExampleRegistry extends RoverRegistry {
  /** Reports what a gateway has answered in five seconds. */
  reportLive(operations: readonly LiveCount[]): Promise<number>;
}

export interface LiveCount {
  readonly name: string;
  readonly requests: number;
  readonly errors: number;
  readonly cached: number;
  /** In which bucket all of them are. */
  readonly bucket: number;
}

export const EXAMPLE = 'tributary@current';
export const SUBGRAPHS = ['notifications', 'orders', 'products', 'users'];

const sdlOf = (name: string) =>
  readFileSync(new URL(`../../../subgraphs/${name}/schema.graphql`, import.meta.url), 'utf8');

/** Of orders with one more field: the fifth version. */
export const ORDERS_WITH_NOTE = sdlOf('orders').replace(
  '  total: Decimal!',
  '  total: Decimal!\n  "What the customer wrote to it."\n  note: String',
);

/** Publishes the four subgraphs, orders once more, and one that does not compose; checks two schemas; and reports what clients used. */
export async function startExampleRegistry(options: Readonly<Record<string, unknown>> = {}): Promise<ExampleRegistry> {
  const registry = await startRoverRegistry({ graphs: ['tributary'], ...options });
  const instance = randomUUID();
  const post = async (path: string, body: unknown): Promise<number> => {
    const response = await fetch(`${registry.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': ADMIN_KEY },
      body: JSON.stringify(body),
    });
    return response.status;
  };
  for (const name of ['users', 'orders', 'products', 'notifications'])
    await registry.publish(EXAMPLE, name, sdlOf(name));
  await registry.createKey({ name: 'orders team', graphId: 'tributary', subgraph: 'orders', verbs: ['publish'] });
  await registry.publish(EXAMPLE, 'orders', ORDERS_WITH_NOTE);

  const body = 'query Home { me { orders { id note } } }';
  const operation = { hash: hash('sha256', body), name: 'Home', body };
  const coordinates = ['Query.me', 'User.orders', 'Order.id', 'Order.note'];
  await post('/usage', {
    ...{ id: randomUUID(), graph: 'tributary', variant: 'current', gateway: { instance, supergraph: '5:abc' } },
    operations: [{ ...operation, coordinates }],
    counts: ['web', 'ios'].map((name, index) => ({
      ...{ hash: operation.hash, day: new Date().toISOString().slice(0, 10) },
      ...{ client: { name, version: '1.0' }, count: 300 - 100 * index },
    })),
  });
  registry.rover.write('without-note.graphql', sdlOf('orders'));
  await registry.rover.run([...['subgraph', 'check', EXAMPLE, '--name', 'orders', '--schema', 'without-note.graphql']]);

  return {
    ...registry,
    reportLive: (operations) =>
      post('/live', {
        ...{ instance, seconds: 5 },
        operations: operations.map(({ bucket, ...counts }) => ({
          ...counts,
          hash: hash('sha256', counts.name),
          latency: Array.from({ length: bucket + 1 }, (_, index) => (index === bucket ? counts.requests : 0)),
        })),
      }),
  };
}
