import type { Random } from '../../../scripts/prove/random.ts';
import type { Invalidation } from '../../../service/invalidation.ts';
import type { Covers, Model } from './property-model.ts';
import { IDS, readTold, SCOPES, type World } from './property-world.ts';

const SUBJECTS = ['alice', 'bob', 'nobody'] as const;
const LANGUAGES = ['de', 'fr'] as const;
const WISHES = [undefined, undefined, undefined, undefined, undefined, 'no-cache', 'no-store', 'max-age=1'] as const;
/** What may be asked for together: few, so that it is asked for again. */
const GROUPS = [IDS, IDS.slice(0, 2), IDS.slice(1, 4)] as const;
/** What says `no-store` is not looked for during seconds: more of it, and nothing would be kept. */
const FLIPS = [...Array.from({ length: 6 }, () => SCOPES.slice(0, 3)).flat(), 'no-store'] as const;
const FIELDS = ['value', 'extra', 'id value', 'id extra', 'value extra'] as const;

/** What clients, operators and services do to a world, and what they see. */
export interface Clients {
  /** One thing, by chance. Resolves when it was answered. */
  act(random: Random): Promise<void>;
  /** What was wrong, each with what was asked. */
  readonly faults: readonly string[];
  readonly counts: { reads: number; hits: number; values: number; purges: number; writes: number };
}

export async function createClients(world: World, model: Model): Promise<Clients> {
  const tokens = new Map<string, string>();
  for (const subject of ['alice', 'bob']) tokens.set(subject, await world.token(subject));
  const faults: string[] = [];
  const counts = { reads: 0, hits: 0, values: 0, purges: 0, writes: 0 };

  function headersOf(subject: string, language: string, wish?: string): Record<string, string> {
    const token = tokens.get(subject);
    return {
      'accept-language': language,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(wish === undefined ? {} : { 'cache-control': wish }),
    };
  }

  async function read(random: Random): Promise<void> {
    const gateway = random.pick([0, 1] as const);
    const asker = { subject: random.pick(SUBJECTS), language: random.pick(LANGUAGES) };
    const fields = random.pick(FIELDS);
    const root = random.pick(['item', 'items'] as const);
    const ids = root === 'item' ? [random.pick(IDS)] : random.pick(GROUPS);
    const query =
      root === 'item'
        ? `{ item(id: "${ids[0]}") { ${fields} } }`
        : `query ($ids: [ID!]!) { items(ids: $ids) { ${fields} } }`;
    const headers = headersOf(asker.subject, asker.language, random.pick(WISHES));
    const wasFailing = world.subgraphs.some(({ failure }) => failure !== undefined);
    const startedAt = Date.now();
    const { status, body, headers: told } = await world.gateways[gateway].query(query, { variables: { ids }, headers });
    counts.reads++;
    if (/hit|partial/.test(told.get('cache-status') ?? '')) counts.hits++;
    const context = JSON.stringify({ gateway, query, ids, headers, startedAt, body });
    if (body.errors !== undefined) {
      const mayFail =
        wasFailing || world.subgraphs.some(({ failure, failedAt }) => failure !== undefined || failedAt >= startedAt);
      if (!mayFail) faults.push(`it failed: ${context}`);
    } else if (status !== 200) faults.push(`status ${status}: ${context}`);
    const found = body.data?.[root];
    const items = (Array.isArray(found) ? found : [found]) as ({
      value?: string | null;
      extra?: string | null;
    } | null)[];
    for (const [index, item] of items.entries()) {
      for (const field of ['value', 'extra'] as const) {
        const text = item?.[field];
        if (typeof text !== 'string') continue;
        counts.values++;
        const said = readTold(text);
        const fault =
          said.id === ids[index]
            ? model.judge({ ...said, field, root, asker, gateway, startedAt })
            : `it is of item ${said.id}`;
        if (fault !== undefined) faults.push(`${fault}; ${field} ${text}: ${context}`);
      }
    }
  }

  async function write(random: Random): Promise<void> {
    const gateway = random.pick([0, 1] as const);
    const id = random.pick(IDS);
    const headers = headersOf(random.pick(SUBJECTS), 'de');
    const { body } = await world.gateways[gateway].query(`mutation { set(id: "${id}") { id value } }`, { headers });
    const value = (body.data?.set as { value?: string } | null)?.value;
    counts.writes++;
    if (typeof value !== 'string') return;
    model.written({ id, version: readTold(value).version, gateway, acknowledgedAt: Date.now() });
  }

  async function purge(random: Random): Promise<void> {
    const gateway = random.pick([0, 1] as const);
    const id = random.pick(IDS);
    const lot = Number(id) % 2;
    const [invalidation, covers] = random.pick<readonly [Invalidation, Covers]>([
      [{ kind: 'tag', tag: `item-${id}` }, (seen) => seen.field === 'value' && seen.root === 'item' && seen.id === id],
      [{ kind: 'tag', tag: `lot-${lot}` }, (seen) => seen.field === 'value' && Number(seen.id) % 2 === lot],
      [{ kind: 'entity', type: 'Item', key: { id } }, (seen) => seen.id === id],
      [{ kind: 'type', type: 'Item' }, () => true],
      [{ kind: 'subgraph', subgraph: 'first' }, (seen) => seen.field === 'value'],
      [{ kind: 'subgraph', subgraph: 'second' }, (seen) => seen.field === 'extra'],
    ]);
    const startedAt = Date.now();
    const { status } = await world.gateways[gateway].invalidate(invalidation);
    counts.purges++;
    if (status !== 200 && status !== 503) faults.push(`a purge was answered ${status}`);
    model.purged({
      ...{ what: JSON.stringify(invalidation), covers, gateway, startedAt },
      acknowledgedAt: Date.now(),
      isPending: status === 503,
    });
  }

  return {
    faults,
    counts,
    act: async (random) => {
      const dice = random.next();
      if (dice < 0.92) return read(random);
      if (dice < 0.94) return purge(random);
      if (dice < 0.96) return write(random);
      const id = random.pick(IDS);
      if (dice < 0.97) world.scopes.set(id, random.pick(FLIPS));
      else world.versions.set(id, (world.versions.get(id) ?? 0) + 1);
    },
  };
}
