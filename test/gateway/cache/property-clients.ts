import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../../../scripts/prove/random.ts';
import type { Invalidation } from '../../../service/invalidation.ts';
import type { Covers, Model } from './property-model.ts';
import { COLD_IDS, IDS, lifeOf, lotOf, now, readTold, type World } from './property-world.ts';

const GATEWAYS = [0, 1] as const;
const SOME_GATEWAYS = [[0], [1], GATEWAYS] as const;
/** The first one hears of purges by its reads: the fewer they are, the more it lags. */
const GATEWAYS_OF_READERS = [0, 1, 1, 1] as const;
const SUBJECTS = ['alice', 'alice', 'bob', 'bob', 'nobody'] as const;
const LANGUAGES = ['de', 'de', 'fr'] as const;
/** With the oldest that each wants, in milliseconds. */
const WISHES = new Map([
  ['no-cache', 0],
  ['no-store', 0],
  ['max-age=1', 1_000],
]);
const ONCE_IN_A_WHILE = [...Array.from({ length: 30 }, () => undefined), ...WISHES.keys()] as const;
/** What may be asked for together: few, so that it is asked for again. */
const GROUPS = [IDS.slice(0, 2), IDS.slice(1, 4)] as const;
/** What says `no-store` is not looked for during seconds: more of it, and nothing would be kept. */
const FLIPS = [
  ...Array.from({ length: 5 }, () => ['public', 'public', 'unsaid', 'private'] as const).flat(),
  'no-store',
] as const;
const FIELDS = ['value', 'extra', 'value extra'] as const;

/** One thing to ask for, as somebody. */
interface Asking {
  readonly root: 'item' | 'items';
  readonly ids: readonly string[];
  readonly fields: string;
  readonly subject: string;
  readonly language: string;
}

/** Changes something through a gateway. */
type Change = (gateway: 0 | 1) => Promise<void>;

/** What clients, operators and services do to a world, and what they see. */
export interface Clients {
  /** One thing, by chance. Resolves when it was answered. */
  act(random: Random): Promise<void>;
  /** What was wrong, each with what was asked. */
  readonly faults: readonly string[];
  /** `hits`: whole responses that were kept. `parts`: those with parts that were, or that others had asked for. */
  readonly counts: { reads: number; hits: number; parts: number; values: number; purges: number; writes: number };
}

/** @param random decides what many ask for */
export async function createClients(world: World, model: Model, random: Random): Promise<Clients> {
  const tokens = new Map<string, string>();
  for (const subject of ['alice', 'bob']) tokens.set(subject, await world.token(subject));
  const faults: string[] = [];
  const counts = { reads: 0, hits: 0, parts: 0, values: 0, purges: 0, writes: 0 };
  /** When each of the cold ones may be asked for again. */
  const coldUntil = new Map<string, number>();
  /** How many do something now; and, while one of them is alone, when that is over. */
  let busy = 0;
  let lull: Promise<void> | undefined;
  /** What half of all reads ask for. */
  const popular = Array.from({ length: 12 }, () => choose(random));

  function headersOf({ subject, language }: Pick<Asking, 'subject' | 'language'>, wish?: string) {
    const token = tokens.get(subject);
    return {
      'accept-language': language,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(wish === undefined ? {} : { 'cache-control': wish }),
    };
  }

  /** @param id one that is to be in it */
  function choose(random: Random, id?: string): Asking {
    const who = { subject: random.pick(SUBJECTS), language: random.pick(LANGUAGES), fields: random.pick(FIELDS) };
    const groups = GROUPS.filter((ids) => id === undefined || (ids as readonly string[]).includes(id));
    if (random.chance(0.7) || groups.length === 0) return { ...who, root: 'item', ids: [id ?? random.pick(IDS)] };
    return { ...who, root: 'items', ids: random.pick(groups) };
  }

  async function read(gateway: 0 | 1, asking: Asking, wish?: string): Promise<void> {
    const { root, ids, fields } = asking;
    const query =
      root === 'item'
        ? `{ item(id: "${ids[0]}") { ${fields} } }`
        : `query ($ids: [ID!]!) { items(ids: $ids) { ${fields} } }`;
    const startedAt = now();
    const headers = headersOf(asking, wish);
    const { status, body, headers: told } = await world.gateways[gateway].query(query, { variables: { ids }, headers });
    const [, came, detail] =
      /^Tributary; (\S+?)(?:;.*?(l1|l2|stale|partial|collapsed).*)?$/.exec(told.get('cache-status') ?? '') ?? [];
    const level = came === 'hit' && (detail === 'l1' || detail === 'l2' || detail === 'stale') ? detail : undefined;
    counts.reads++;
    if (level !== undefined) counts.hits++;
    else if (detail !== undefined) counts.parts++;

    const accuse = (fault: string) =>
      faults.push(
        `${fault}: ${JSON.stringify({ gateway, ...asking, wish, startedAt, status: told.get('cache-status'), body })}`,
      );
    const mayFail = world.failedAt() >= startedAt - world.longestFetchMs();
    if (status !== 200 && !mayFail) accuse(`status ${status}`);
    if (body.errors !== undefined && !mayFail) accuse('it failed');
    const found = body.data?.[root];
    const items = (Array.isArray(found) ? found : [found]) as (Readonly<Record<string, unknown>> | null)[];
    for (const [index, item] of items.entries()) {
      for (const field of ['value', 'extra', 'live'] as const) {
        if (!fields.includes(field)) continue;
        const text = item?.[field];
        if (typeof text !== 'string') {
          if (body.errors === undefined) accuse(`it has no ${field}, and no error says why`);
          continue;
        }
        counts.values++;
        const said = readTold(text);
        const mostMs = WISHES.get(wish ?? '') ?? Number.POSITIVE_INFINITY;
        const fault =
          said.id === ids[index]
            ? model.judge({ ...said, field, root, asker: asking, mostMs, gateway, level, startedAt })
            : `it is of item ${said.id}`;
        if (fault !== undefined) accuse(`${fault}; ${field} ${text}`);
      }
    }
  }

  const askOn = (gateways: readonly (0 | 1)[], ...askings: readonly Asking[]) =>
    Promise.all(gateways.flatMap((gateway) => askings.map((asking) => read(gateway, asking))));

  /** Changes something that is kept, and asks for it as soon as that is acknowledged. */
  async function before(random: Random, asking: Asking, change: Change): Promise<void> {
    const gateway = random.pick(GATEWAYS);
    const askings = FIELDS.map((fields) => ({ ...asking, fields }));
    await askOn([gateway], ...askings);
    await change(gateway);
    await askOn(random.pick(SOME_GATEWAYS), ...askings);
  }

  /** Changes something while an answer to it is on its way, and asks for it before that has come, and afterwards. */
  async function during(random: Random, asking: Asking, change: Change): Promise<void> {
    const gateway = random.pick(GATEWAYS);
    // So that it has to be asked for.
    await change(random.pick(GATEWAYS));
    const held = world.hold();
    const underWay = askOn(random.pick(SOME_GATEWAYS), asking);
    await Promise.race([underWay, held.came(asking.ids[0] ?? '')]);
    held.pass();
    await change(gateway);
    const later = askOn(GATEWAYS, asking);
    // They are before these, and wait for what is under way if they may.
    const headers = headersOf(asking);
    for (let round = 0; round < 4; round++)
      await Promise.all(world.gateways.map(({ query }) => query('{ __typename }', { headers })));
    held.open();
    await Promise.all([underWay, later]);
    await askOn(GATEWAYS, asking);
  }

  /** Does it while all others rest, if it can: nothing else tells a gateway meanwhile what it does not know. */
  async function alone(work: () => Promise<void>): Promise<void> {
    if (lull !== undefined) return work();
    const { promise, resolve } = Promise.withResolvers<void>();
    lull = promise;
    while (busy > 1) await pause(1);
    await work();
    lull = undefined;
    resolve();
  }

  function around(random: Random, asking: Asking, change: Change): Promise<void> {
    const act = random.chance(0.4) ? before : during;
    return random.chance(0.5) ? act(random, asking, change) : alone(() => act(random, asking, change));
  }

  async function write(random: Random, gateway: 0 | 1, id: string, field: 'set' | 'touch'): Promise<void> {
    const headers = headersOf({ subject: random.pick(SUBJECTS), language: 'de' });
    const query = `mutation { ${field}(id: "${id}") ${field === 'set' ? '{ id value }' : ''} }`;
    const before = world.versions.get(id) ?? 0;
    const { body } = await world.gateways[gateway].query(query, { headers });
    counts.writes++;
    // Nobody knows whether it was done.
    if (body.errors !== undefined) return;
    const isDeclared = field === 'set';
    model.written({ id, version: before + 1, gateway, acknowledgedAt: now(), isDeclared });
  }

  function choosePurge(random: Random, id: string): Change {
    const [invalidation, covers] = chooseInvalidation(random, id);
    return async (gateway) => {
      const startedAt = now();
      const { status } = await world.gateways[gateway].invalidate(invalidation);
      counts.purges++;
      if (status !== 200 && status !== 503) faults.push(`a purge was answered ${status}`);
      model.purged({
        ...{ what: JSON.stringify(invalidation), covers, gateway, startedAt },
        acknowledgedAt: now(),
        isPending: status === 503,
      });
    };
  }

  /** Something that was asked for so long ago that it is over: nothing that refreshes it came in between. */
  async function readCold(random: Random): Promise<void> {
    const id = COLD_IDS.find((one) => (coldUntil.get(one) ?? 0) < now());
    if (id === undefined) return;
    coldUntil.set(id, Number.POSITIVE_INFINITY);
    await read(1, { root: 'item', ids: [id], fields: 'value extra', subject: 'alice', language: 'de' });
    coldUntil.set(id, now() + lifeOf(id, 'extra') + world.longestFetchMs() + random.next() * 1_000);
  }

  async function act(random: Random): Promise<void> {
    const dice = random.next();
    if (dice < 0.965) {
      const asking = random.chance(0.5) ? random.pick(popular) : choose(random);
      return read(random.pick(GATEWAYS_OF_READERS), asking, random.pick(ONCE_IN_A_WHILE));
    }
    if (dice < 0.98) return readCold(random);
    const id = random.pick(IDS);
    const asking = choose(random, id);
    if (dice < 0.988) return around(random, asking, choosePurge(random, id));
    if (dice < 0.991) return around(random, asking, (gateway) => write(random, gateway, id, 'set'));
    if (dice < 0.993) {
      const live = { ...asking, root: 'item', ids: [id], fields: 'live' } as const;
      return around(random, live, (gateway) => write(random, gateway, id, 'touch'));
    }
    if (dice < 0.996) world.scopes.set(id, random.pick(FLIPS));
    else world.versions.set(id, (world.versions.get(id) ?? 0) + 1);
  }

  return {
    faults,
    counts,
    act: async (random) => {
      while (lull !== undefined) await lull;
      busy++;
      await act(random);
      busy--;
    },
  };
}

function chooseInvalidation(random: Random, id: string): readonly [Invalidation, Covers] {
  const lot = lotOf(id);
  const dice = random.next();
  if (dice < 0.5) return [{ kind: 'entity', type: 'Item', key: { id } }, (seen) => seen.id === id];
  if (dice < 0.8)
    return [
      { kind: 'tag', tag: `item-${id}` },
      (seen) => seen.field === 'value' && seen.root === 'item' && seen.id === id,
    ];
  if (dice < 0.98) return [{ kind: 'tag', tag: lot }, (seen) => seen.field === 'value' && lotOf(seen.id) === lot];
  // What is asked for seldom is void by these, too.
  return random.pick<readonly [Invalidation, Covers]>([
    [{ kind: 'type', type: 'Item' }, () => true],
    [{ kind: 'subgraph', subgraph: 'first' }, (seen) => seen.field === 'value'],
    [{ kind: 'subgraph', subgraph: 'second' }, (seen) => seen.field === 'extra'],
  ]);
}
