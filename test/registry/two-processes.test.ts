import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createKeys, type KeyInput } from '../../registry/access/keys.ts';
import { deleteVariant } from '../../registry/publication/delete-variant.ts';
import { listVersions } from '../../registry/storage/versions.ts';
import { ClosingStack } from '../../service/run.ts';
import { describeOnPostgresServer } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { ADMINISTRATOR, GRAPH, type OpenRegistry, openRegistry } from './support/open-registry.ts';
import { PROCESS_KEY, type RegistryProcess, startRegistryProcess } from './support/registry-process.ts';

const NAMES = Array.from({ length: 20 }, (_, number) => `s${number}`);
const KEY: KeyInput = {
  ...{ name: 'team', graphId: GRAPH, variant: null, subgraph: null, verbs: ['read'], expiresAt: null },
};
/** Below the ten seconds for which a process that hears nothing remembers a key. */
const SOON_MS = 8_000;

describeOnPostgresServer('two registry processes on one database', (create) => {
  let stack: ClosingStack;
  /** A third one, in this process. */
  let registry: OpenRegistry;
  let processes: readonly [RegistryProcess, RegistryProcess];

  beforeAll(async () => {
    stack = new ClosingStack();
    const { url } = stack.add('database', await create());
    registry = stack.add('registry', await openRegistry(url));
    const environment = { DATABASE_URL: url };
    const [one, two] = await Promise.all([startRegistryProcess(environment), startRegistryProcess(environment)]);
    processes = [stack.add('one', one), stack.add('two', two)];
  }, 60_000);
  afterAll(() => stack.close());

  const everywhere = (holds: (process: RegistryProcess) => Promise<boolean>, timeoutMs?: number) =>
    until(async () => (await Promise.all(processes.map(holds))).every((each) => each), timeoutMs);

  it('serve what the other publishes and know no key that the other revokes, as soon as they hear of it', async () => {
    const [one, two] = processes;
    expect(await two.served()).toEqual({ status: 404, id: undefined });
    await one.publish('users', 'type Query { me: Int }');
    const { id } = await one.served();
    expect(id).toMatch(/^1:/);
    await everywhere(async (process) => (await process.served()).id === id);

    const keys = createKeys({ database: registry.database });
    const { id: keyId, secret } = await keys.create(KEY, ADMINISTRATOR);
    for (const process of processes) expect(await process.served(secret)).toMatchObject({ status: 200 });
    await keys.revoke(keyId, ADMINISTRATOR);
    await everywhere(async (process) => (await process.served(secret)).status === 401, SOON_MS);

    await deleteVariant(registry.publishing, { graphId: GRAPH, variant: 'current', actor: ADMINISTRATOR });
    await everywhere(async (process) => (await process.served()).status === 404);
  }, 120_000);

  it('make twenty versions of twenty publishes at once, and the last has all of them, on a variant that was deleted before', async () => {
    await Promise.all(
      NAMES.map((name, number) => processes[(number % 2) as 0 | 1].publish(name, `type Query { ${name}: Int }`)),
    );
    const versions = await listVersions(registry.database.query, GRAPH, 'current', { limit: 99 });
    expect(versions.map(({ number, subgraphs }) => [number, subgraphs.length])).toEqual(
      NAMES.map((_, number) => [20 - number, 20 - number]),
    );
    await registry.current.refreshAll();
    const { id = '', sdl = '' } = registry.current.get(GRAPH, 'current') ?? {};
    for (const name of NAMES) expect(sdl).toContain(`${name}: Int`);
    await everywhere(async (process) => (await process.served()).id === id);
  }, 120_000);

  it('show the live numbers of gateways that report to either of them', async () => {
    const report = (instance: string) => ({
      ...{ instance, graph: GRAPH, variant: 'current', seconds: 5 },
      operations: [{ name: 'Home', hash: 'a', requests: 10, errors: 0, cached: 0, latency: [10] }],
    });
    const post = async ({ url }: RegistryProcess, path: string, body: unknown) => {
      const headers = { 'content-type': 'application/json', 'x-api-key': PROCESS_KEY };
      return (await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
    };
    const query = `{ graph(id: "${GRAPH}") { variant(name: "current") { live { gateways operations { requests } } } } }`;
    await Promise.all(processes.map((process, number) => post(process, '/live', report(`gateway ${number}`))));
    await everywhere(async (process) => {
      const { data } = (await post(process, '/graphql', { query })) as {
        data: { graph: { variant: { live: { gateways: number; operations: { requests: number }[] } } } };
      };
      const { gateways, operations } = data.graph.variant.live;
      return gateways === 2 && operations[0]?.requests === 20;
    });
  });
});
