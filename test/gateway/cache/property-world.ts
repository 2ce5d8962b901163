import { randomUUID } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../../../scripts/prove/random.ts';
import type { ClosingStack } from '../../../service/run.ts';
import {
  type ControlledSubgraph,
  type SubgraphCall,
  startControlledSubgraph,
} from '../../support/controlled-subgraph.ts';
import { startIssuer } from '../../support/issuer.ts';
import { loseMessages, startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { openShopGateway, type ShopGateway, subjectOf } from './shop.ts';

/** From the widest to the narrowest. */
export const SCOPES = ['public', 'unsaid', 'private', 'no-store'] as const;
export type Scope = (typeof SCOPES)[number];

/** Asked for all the time. */
export const IDS = ['0', '1', '2', '3', '4'] as const;
/** What is purged of many items together. */
export function lotOf(id: string): string {
  return (IDS as readonly string[]).includes(id) ? `lot-${Number(id) % 2}` : 'lot-cold';
}

/** Each asked for again only when nothing that was kept of it whole may be given any more. */
export const COLD_IDS = ['11', '13', '15', '17', '19', '21', '23', '25'] as const;

export type Field = 'value' | 'extra' | 'live';

interface Lifetime {
  readonly freshS: number;
  /** Beyond that, while a newer one is fetched or when none can be had. */
  readonly staleS: number;
}

const SHORT: Lifetime = { freshS: 1, staleS: 1 };
const LONG: Lifetime = { freshS: 10, staleS: 0 };

/** Of an item one of the two is short. */
function lifetimeOf(id: string, field: Field): Lifetime {
  const isLong = Number(id) % 2 === (field === 'extra' ? 0 : 1);
  return isLong ? LONG : SHORT;
}

/** For how long a value may be given, in milliseconds. */
export function lifeOf(id: string, field: Field): number {
  const { freshS, staleS } = lifetimeOf(id, field);
  return (freshS + staleS) * 1_000;
}

/**
 * How long a gateway may answer from its memory alone: the first, which is told nothing and has a small one, so that it often reads Redis;
 * and the second, which is told, but cut off at times.
 */
export const MAX_STALE_MS = [100, 400] as const;

/** Epoch milliseconds, with their fractions: much happens within one. */
export const now = () => performance.timeOrigin + performance.now();

/** What a value says of itself. */
export interface Told {
  /** Whom it is for; `*` for everyone. */
  readonly owner: string;
  readonly id: string;
  readonly version: number;
  readonly language: string;
  /** When the subgraph made it, epoch milliseconds. */
  readonly at: number;
  readonly scope: Scope;
}

export function readTold(text: string): Told {
  const [owner = '', id = '', version = '', language = '', at = '', scope] = text.split('|');
  return { owner, id, version: Number(version), language, at: Number(at), scope: scope as Scope };
}

export interface Held {
  /** Resolves when something came that asks for an item, or soon: it may have joined what is held elsewhere. */
  readonly came: (id: string) => Promise<void>;
  /** From now on what comes is answered; what came before waits. */
  readonly pass: () => void;
  readonly open: () => void;
}

/** Two subgraphs whose data and scopes change, two gateways on one Redis. */
export interface World {
  readonly gateways: readonly [ShopGateway, ShopGateway];
  readonly subgraphs: readonly [ControlledSubgraph, ControlledSubgraph];
  /** Between the second gateway and Redis. */
  readonly proxy: TcpProxy;
  readonly prefix: string;
  readonly versions: Map<string, number>;
  readonly scopes: Map<string, Scope>;
  /** Items whose values are errors now. */
  readonly broken: Set<string>;
  /** Holds back the answers to what comes now. */
  hold(): Held;
  /** When something last failed, epoch milliseconds. */
  readonly failedAt: () => number;
  /** The longest that it took so far from where a value was made to a gateway that keeps it, in milliseconds; at least a second. */
  readonly longestFetchMs: () => number;
  readonly token: (subject: string) => Promise<string>;
}

const FIRST = `
  type Query { item(id: ID!): Item @cacheTag(format: "item-{$args.id}") items(ids: [ID!]!): [Item] }
  type Mutation { set(id: ID!): Item touch(id: ID!): Boolean }
  type Item @key(fields: "id") { id: ID! value: String live: String }
`;
const SECOND = 'type Query { unused: String } type Item @key(fields: "id") { id: ID! extra: String }';

/** @param random decides how long answers take */
export async function openWorld(stack: ClosingStack, redisPort: number, random: Random): Promise<World> {
  const versions = new Map<string, number>();
  const scopes = new Map<string, Scope>();
  const broken = new Set<string>();
  /** What was said of an answer so far. */
  const said = new WeakMap<SubgraphCall, { readonly scope: Scope; readonly lifetime: Lifetime }>();
  let brokenAt = 0;
  /** From where a value was made until its answer was sent. */
  let longestAnswerMs = 0;
  // Between that and the gateway, which is in this process, are a turn or two of its event loop.
  const turns = monitorEventLoopDelay({ resolution: 10 });
  turns.enable();
  stack.add('turns', { close: async () => void turns.disable() });

  /** As a rule at once or soon: what is asked for meanwhile joins, and what is purged meanwhile is void. */
  async function takeTime(): Promise<void> {
    const dice = random.next();
    if (dice > 0.6) await pause(dice > 0.99 ? 150 : random.next() * 20);
  }

  /** An answer is as narrow and as short as the narrowest and the shortest value in it. */
  function say(call: SubgraphCall, id: string, field: Field, scope: Scope): void {
    const before = said.get(call) ?? { scope: 'public', lifetime: LONG };
    const narrowest = SCOPES[Math.max(SCOPES.indexOf(scope), SCOPES.indexOf(before.scope))] ?? 'no-store';
    const lifetime = before.lifetime === SHORT ? SHORT : lifetimeOf(id, field);
    said.set(call, { scope: narrowest, lifetime });
    const { freshS, staleS } = lifetime;
    const text = `max-age=${freshS}, stale-while-revalidate=${staleS}, stale-if-error=${staleS}`;
    call.control = narrowest === 'unsaid' ? text : `${narrowest}, ${text}`;
    call.ready ??= takeTime();
  }

  function tell(id: string, field: Field, call: SubgraphCall, scope = scopes.get(id) ?? 'public'): string {
    if (broken.has(id)) {
      brokenAt = now();
      throw new Error('out of order');
    }
    say(call, id, field, scope);
    const owner = scope === 'public' ? '*' : subjectOf(call);
    const at = now();
    void call.ended.then(() => {
      longestAnswerMs = Math.max(longestAnswerMs, now() - at);
    });
    return [owner, id, versions.get(id) ?? 0, call.headers['accept-language'] ?? '', at, scope].join('|');
  }

  const itemWith = (field: Field) => (item: { readonly id: string }, call: SubgraphCall) => {
    say(call, item.id, field, 'public');
    return item;
  };
  const item = itemWith('value');
  const write = (id: string) => void versions.set(id, (versions.get(id) ?? 0) + 1);
  const first = await startControlledSubgraph({
    name: 'first',
    sdl: FIRST,
    resolvers: {
      Query: {
        item: (_: unknown, args: { id: string }, call: SubgraphCall) => item(args, call),
        items: (_: unknown, { ids }: { ids: string[] }, call: SubgraphCall) => ids.map((id) => item({ id }, call)),
      },
      Mutation: {
        set: (_: unknown, { id }: { id: string }, call: SubgraphCall) => {
          write(id);
          return item({ id }, call);
        },
        touch: (_: unknown, { id }: { id: string }) => {
          write(id);
          return true;
        },
      },
      Item: {
        __resolveReference: item,
        value: ({ id }: { id: string }, _: unknown, call: SubgraphCall) => {
          call.tags.push(lotOf(id));
          return tell(id, 'value', call);
        },
        live: ({ id }: { id: string }, _: unknown, call: SubgraphCall) => tell(id, 'live', call, 'no-store'),
      },
    },
  });
  stack.add('first', first);
  const second = await startControlledSubgraph({
    name: 'second',
    sdl: SECOND,
    resolvers: {
      Item: {
        __resolveReference: itemWith('extra'),
        extra: ({ id }: { id: string }, _: unknown, call: SubgraphCall) => tell(id, 'extra', call),
      },
    },
  });
  stack.add('second', second);
  const issuer = stack.add('issuer', await startIssuer());
  const proxies = [
    stack.add('proxy', await startTcpProxy(redisPort)),
    stack.add('proxy', await startTcpProxy(redisPort)),
  ] as const;
  proxies[0].onReply = loseMessages;

  const prefix = `tributary-test-${randomUUID()}:`;
  const open = (index: 0 | 1, environment: Record<string, string>) =>
    openShopGateway(
      stack,
      { catalogue: first, accounts: second, issuer },
      {
        REDIS_URL: `redis://127.0.0.1:${proxies[index].port}`,
        GATEWAY_CACHE_REDIS_PREFIX: prefix,
        GATEWAY_CACHE_INVALIDATION_EVENTS: 'false',
        GATEWAY_CACHE_REDIS_READ_TIMEOUT_MS: '50',
        GATEWAY_CACHE_L1_MAX_STALE_MS: String(MAX_STALE_MS[index]),
        GATEWAY_CACHE_WAIT_MS: '500',
        GATEWAY_CACHE_MUTATIONS_SET_TAGS: 'item-{$args.id}',
        // A subgraph that is well again is asked again: who judges does not know of breakers.
        GATEWAY_UPSTREAM_DEFAULTS_BREAKER_OPEN_MS: '20',
        GATEWAY_UPSTREAM_DEFAULTS_BREAKER_MAX_OPEN_MS: '20',
        ...environment,
      },
    );
  const gateways = await Promise.all([open(0, { GATEWAY_CACHE_L1_MAX_BYTES: '8000' }), open(1, {})]);
  return {
    ...{ gateways, prefix, versions, scopes, broken },
    subgraphs: [first, second],
    proxy: proxies[1],
    failedAt: () => Math.max(first.failedAt, second.failedAt, brokenAt),
    longestFetchMs: () => Math.max(1_000, longestAnswerMs + 2 * (turns.max / 1e6)),
    hold: () => holdBack([first, second]),
    token: (subject) => issuer.token({ subject }),
  };
}

function holdBack(subgraphs: readonly ControlledSubgraph[]): Held {
  const gate = Promise.withResolvers<void>();
  const before = subgraphs.map(({ calls }) => calls.length);
  for (const subgraph of subgraphs) subgraph.gate = gate.promise;
  let isOpen = false;
  const isAsked = (id: string) =>
    subgraphs.some(({ calls }, index) =>
      calls
        .slice(before[index])
        .some(({ query, variables }) => `${query} ${JSON.stringify(variables)}`.includes(`"${id}"`)),
    );
  return {
    came: async (id) => {
      for (let round = 0; round < 30 && !isOpen && !isAsked(id); round++) await pause(1);
    },
    pass: () => {
      for (const subgraph of subgraphs) if (subgraph.gate === gate.promise) subgraph.gate = undefined;
    },
    open: () => {
      isOpen = true;
      gate.resolve();
    },
  };
}
