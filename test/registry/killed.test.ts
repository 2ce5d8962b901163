import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { upsertContract } from '../../registry/publication/upsert-contract.ts';
import { recordVersion } from '../../registry/webhook/record.ts';
import { createWebhook } from '../../registry/webhook/webhooks.ts';
import { ClosingStack } from '../../service/run.ts';
import { describeOnPostgresServer } from '../support/servers.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { throughProxy } from '../support/through-proxy.ts';
import { ADMINISTRATOR, GRAPH, type OpenRegistry, openRegistry } from './support/open-registry.ts';
import { type RegistryProcess, startRegistryProcess } from './support/registry-process.ts';

/** Each is for its own part of a publish, so that none is left out by chance. */
const ROUNDS = 10;
/** As many as the database sends during a publish, and at the beginning of the next. */
const REPLIES = 60;
/** Starts the same moments again: `REGISTRY_KILL_SEED=… npm run jest -- test/registry/killed`. */
const SEED = Number(process.env.REGISTRY_KILL_SEED ?? randomInt(2 ** 31));

describeOnPostgresServer('a registry that is killed in the middle of publishes', (create) => {
  const stack = new ClosingStack();
  let registry: OpenRegistry;
  let proxy: TcpProxy;
  let url: string;

  beforeAll(async () => {
    const database = stack.add('database', await create());
    registry = stack.add('registry', await openRegistry(database.url, { onVersion: recordVersion }));
    proxy = stack.add('proxy', await startTcpProxy(Number(new URL(database.url).port || 5432)));
    url = throughProxy(database.url, proxy);
    const events = ['version.published', 'version.rolledBack'] as const;
    const common = { graphId: GRAPH, actor: ADMINISTRATOR };
    await createWebhook(registry.publishing, { ...common, variant: null, url: 'http://127.0.0.1:1/', events });
    await registry.publish('base', 'type Query { base: Int }');
    const filter = { include: [], exclude: ['none'], hideUnreachableTypes: false };
    await upsertContract(registry.publishing, {
      ...{ ...common, variant: 'public', sourceVariant: 'current', filter, launch: true },
    });
  });
  afterAll(() => stack.close());

  it(`leaves all of a publish or nothing of it (seed ${SEED})`, async () => {
    const random = draws(SEED);
    let before = await countVersions();
    for (let round = 0; round < ROUNDS; round++) {
      const process = await startRegistryProcess({ DATABASE_URL: url });
      await publishUntilKilled(process, { round, atReply: 1 + Math.floor(((round + random()) / ROUNDS) * REPLIES) });
      await expectWhole();
      const after = await countVersions();
      expect(after).toBeGreaterThanOrEqual(before);
      before = after;
    }
    await registry.publish('last', 'type Query { last: Int }');
    await expectWhole();
    expect(registry.current.get(GRAPH, 'public')?.sdl).toContain('last: Int');
  }, 300_000);

  async function publishUntilKilled(process: RegistryProcess, { round, atReply }: { round: number; atReply: number }) {
    let replies = 0;
    let killed: Promise<void> | undefined;
    proxy.onReply = (chunk) => {
      if (++replies < atReply) return chunk;
      killed ??= process.close();
      return undefined;
    };
    for (let number = 0; killed === undefined; number++) {
      // Each third does not compose: a version without a supergraph.
      const type = number % 3 === 2 ? 'Nothing' : 'Int';
      const sdl = `type Query { r${round}n${number}: ${type} }`;
      await process.publish(`s${number % 2}`, sdl).catch(() => undefined);
    }
    await killed;
    proxy.onReply = (chunk) => chunk;
  }

  const rows = async (sql: string) => (await registry.database.query.execute(sql)).rows;
  const countVersions = async () => Number((await rows('select count(*) as count from registry.version'))[0]?.count);

  /** Each of these questions is for what must not be. */
  async function expectWhole(): Promise<void> {
    expect(
      await rows(`select name, revision from registry.variant v
        where revision is distinct from (select coalesce(max(number), 0) from registry.version where variant = v.name)
           or revision is distinct from (select count(*)::int from registry.version where variant = v.name)`),
    ).toEqual([]);
    expect(
      await rows(`select name, current from registry.variant v
        where not exists (select 1 from registry.version where variant = v.name and number = v.current and supergraph is not null)
           or exists (select 1 from registry.version where variant = v.name and number > v.current and supergraph is not null)`),
    ).toEqual([]);
    expect(
      await rows(`select v.number, s->>'hash' as hash from registry.version v, jsonb_array_elements(v.subgraphs) s
        where not exists (select 1 from registry.document where hash = s->>'hash')`),
    ).toEqual([]);
    expect(
      await rows(`select number from registry.version where (supergraph is null) = (errors = '[]'::jsonb)`),
    ).toEqual([]);
    // The contract is of what is served, and each version has its entry in the audit log and its delivery.
    expect(
      await rows(`select s.current, v.origin from registry.variant s, registry.variant c, registry.version v
        where s.name = 'current' and c.name = 'public' and v.variant = 'public' and v.number = c.current and v.origin <> s.current`),
    ).toEqual([]);
    expect(
      await rows(`select number from registry.version v where variant = 'current' and
        (select count(*) from registry.audit_entry where action = 'subgraph.publish' and (details->>'version')::int = v.number) <> 1`),
    ).toEqual([]);
    expect(
      await rows(`select variant, number from registry.version v where
        (select count(*) from registry.delivery
          where body->'data'->>'variant' = v.variant and (body->'data'->>'version')::int = v.number) <> 1`),
    ).toEqual([]);
  }
});

/** Mulberry32: numbers from 0 to 1, the same for the same seed. */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
