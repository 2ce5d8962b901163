import { randomUUID } from 'node:crypto';
import type { ClosingStack } from '../../../service/run.ts';
import {
  type ControlledSubgraph,
  type SubgraphCall,
  startControlledSubgraph,
} from '../../support/controlled-subgraph.ts';
import { startIssuer } from '../../support/issuer.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { openShopGateway, type ShopGateway, subjectOf } from './shop.ts';

/** From the widest to the narrowest. */
export const SCOPES = ['public', 'unsaid', 'private', 'no-store'] as const;
export type Scope = (typeof SCOPES)[number];

export const IDS = ['0', '1', '2', '3', '4'] as const;

/** How long an answer may be given, in seconds; and beyond that, while a newer one is fetched or when none can be had. */
const FRESH_S = 1;
const STALE_S = 1;
export const LIFE_MS = (FRESH_S + STALE_S) * 1_000;

/** How long a gateway may answer from its memory alone: one that is quick to hear of purges, and one that lags. */
export const MAX_STALE_MS = [100, 1_500] as const;

/** What a value says of itself. */
export interface Told {
  /** Whom it is for; `*` for everyone. */
  readonly owner: string;
  readonly id: string;
  readonly version: number;
  readonly language: string;
  /** When the subgraph made it, epoch milliseconds. */
  readonly at: number;
}

export function readTold(text: string): Told {
  const [owner = '', id = '', version = '', language = '', at = ''] = text.split('|');
  return { owner, id, version: Number(version), language, at: Number(at) };
}

/** Two subgraphs whose data and scopes change, two gateways on one Redis; the second one's connection to it can be cut. */
export interface World {
  readonly gateways: readonly [ShopGateway, ShopGateway];
  readonly subgraphs: readonly [ControlledSubgraph, ControlledSubgraph];
  readonly proxy: TcpProxy;
  readonly prefix: string;
  readonly versions: Map<string, number>;
  readonly scopes: Map<string, Scope>;
  readonly token: (subject: string) => Promise<string>;
}

const FIRST = `
  type Query { item(id: ID!): Item @cacheTag(format: "item-{$args.id}") items(ids: [ID!]!): [Item] }
  type Mutation { set(id: ID!): Item }
  type Item @key(fields: "id") { id: ID! value: String }
`;
const SECOND = 'type Query { unused: String } type Item @key(fields: "id") { id: ID! extra: String }';

export async function openWorld(stack: ClosingStack, redisPort: number): Promise<World> {
  const versions = new Map<string, number>();
  const scopes = new Map<string, Scope>();

  /** An answer is as narrow as the narrowest value in it. */
  function tell(id: string, call: SubgraphCall): string {
    const scope = scopes.get(id) ?? 'public';
    const narrowest = Math.max(SCOPES.indexOf(scope), SCOPES.indexOf((call.scope as Scope | undefined) ?? 'public'));
    call.scope = SCOPES[narrowest];
    const lifetime = `max-age=${FRESH_S}, stale-while-revalidate=${STALE_S}, stale-if-error=${STALE_S}`;
    call.control =
      call.scope === 'no-store' ? 'no-store' : call.scope === 'unsaid' ? lifetime : `${call.scope}, ${lifetime}`;
    const owner = scope === 'public' ? '*' : subjectOf(call);
    return [owner, id, versions.get(id) ?? 0, call.headers['accept-language'] ?? '', Date.now()].join('|');
  }
  const item = ({ id }: { id: string }) => ({ id });
  const value = ({ id }: { id: string }, _: unknown, call: SubgraphCall) => {
    call.tags.push(`lot-${Number(id) % 2}`);
    return tell(id, call);
  };
  const first = await startControlledSubgraph({
    name: 'first',
    sdl: FIRST,
    resolvers: {
      Query: {
        item: (_: unknown, args: { id: string }) => item(args),
        items: (_: unknown, { ids }: { ids: string[] }) => ids.map((id) => item({ id })),
      },
      Mutation: {
        set: (_: unknown, { id }: { id: string }) => {
          versions.set(id, (versions.get(id) ?? 0) + 1);
          return item({ id });
        },
      },
      Item: { __resolveReference: item, value },
    },
  });
  stack.add('first', first);
  const extra = ({ id }: { id: string }, _: unknown, call: SubgraphCall) => tell(id, call);
  const second = await startControlledSubgraph({
    name: 'second',
    sdl: SECOND,
    resolvers: { Item: { __resolveReference: item, extra } },
  });
  stack.add('second', second);
  const issuer = stack.add('issuer', await startIssuer());
  const proxy = stack.add('proxy', await startTcpProxy(redisPort));

  const prefix = `tributary-test-${randomUUID()}:`;
  const open = (port: number, maxStaleMs: number) =>
    openShopGateway(
      stack,
      { catalogue: first, accounts: second, issuer },
      {
        REDIS_URL: `redis://127.0.0.1:${port}`,
        GATEWAY_CACHE_REDIS_PREFIX: prefix,
        GATEWAY_CACHE_INVALIDATION_EVENTS: 'false',
        GATEWAY_CACHE_REDIS_READ_TIMEOUT_MS: '50',
        GATEWAY_CACHE_L1_MAX_STALE_MS: String(maxStaleMs),
        GATEWAY_CACHE_WAIT_MS: '500',
        GATEWAY_CACHE_MUTATIONS_SET_TAGS: 'item-{$args.id}',
      },
    );
  const gateways = [await open(redisPort, MAX_STALE_MS[0]), await open(proxy.port, MAX_STALE_MS[1])] as const;
  const token = (subject: string) => issuer.token({ subject });
  return { gateways, subgraphs: [first, second], proxy, prefix, versions, scopes, token };
}
