import { randomUUID } from 'node:crypto';
import type { Invalidation } from '../../../service/invalidation.ts';
import type { ClosingStack } from '../../../service/run.ts';
import {
  type ControlledSubgraph,
  type SubgraphCall,
  startControlledSubgraph,
} from '../../support/controlled-subgraph.ts';
import { startIssuer, type TestIssuer, trusting } from '../../support/issuer.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

/** Two subgraphs whose answers say what they are: a shop with a catalogue for all, and accounts of single people. */
export interface Shop {
  readonly catalogue: ControlledSubgraph;
  readonly accounts: ControlledSubgraph;
  readonly issuer: TestIssuer;
  /** What the subgraphs hold; a test changes it as it likes. */
  readonly data: ShopData;
}

export interface ShopData {
  /** Names of products by their ids. */
  readonly names: Map<string, string>;
  readonly stock: Map<string, number>;
  /** By subject; `nobody` for who is anonymous. */
  readonly notes: Map<string, string>;
}

const CATALOGUE = `
  type Query {
    product(id: ID!): Product @cacheTag(format: "product-{$args.id}")
    products(ids: [ID!]!): [Product]
    greeting: String
  }
  type Mutation { rename(id: ID!, name: String!): Product }
  type Product @key(fields: "id") { id: ID! name: String }
`;
const ACCOUNTS = `
  type Query { me: Account }
  type Mutation { note(text: String!): Account }
  type Account @key(fields: "id") { id: ID! note: String }
  type Product @key(fields: "id") { id: ID! stock: Int }
`;

/** The subject of a token, read without a look at its signature: the gateway has had that. */
export function subjectOf({ headers: { authorization } }: SubgraphCall): string {
  const payload = String(authorization ?? '').split('.')[1];
  if (payload === undefined) return authorization === undefined ? 'nobody' : `raw ${authorization}`;
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sub: string }).sub;
}

export async function openShop(stack: ClosingStack): Promise<Shop> {
  const data: ShopData = { names: new Map(), stock: new Map(), notes: new Map() };
  const product = ({ id }: { id: string }) => ({ id, name: data.names.get(id) ?? `name of ${id}` });
  const account = (call: SubgraphCall) => {
    const subject = subjectOf(call);
    return { id: subject, note: data.notes.get(subject) ?? `note of ${subject}` };
  };
  const catalogue = stack.add(
    'catalogue',
    await startControlledSubgraph({
      name: 'catalogue',
      sdl: CATALOGUE,
      resolvers: {
        Query: {
          product: (_: unknown, args: { id: string }) => product(args),
          products: (_: unknown, { ids }: { ids: string[] }) => ids.map((id) => product({ id })),
          greeting: (_: unknown, __: unknown, call: SubgraphCall) =>
            `${call.headers['accept-language'] ?? '-'} for ${subjectOf(call)}`,
        },
        Mutation: {
          rename: (_: unknown, { id, name }: { id: string; name: string }) => {
            data.names.set(id, name);
            return product({ id });
          },
        },
        Product: { __resolveReference: product },
      },
    }),
  );
  const accounts = stack.add(
    'accounts',
    await startControlledSubgraph({
      name: 'accounts',
      sdl: ACCOUNTS,
      resolvers: {
        Query: { me: (_: unknown, __: unknown, call: SubgraphCall) => account(call) },
        Mutation: {
          note: (_: unknown, { text }: { text: string }, call: SubgraphCall) => {
            data.notes.set(subjectOf(call), text);
            return account(call);
          },
        },
        Product: { __resolveReference: ({ id }: { id: string }) => ({ id, stock: data.stock.get(id) ?? 1 }) },
      },
    }),
  );
  return { catalogue, accounts, data, issuer: stack.add('issuer', await startIssuer()) };
}

/** A gateway over a shop. */
export interface ShopGateway extends TestGateway {
  invalidate(...invalidations: readonly Invalidation[]): Promise<{ readonly status: number; readonly body: unknown }>;
}

const KEY = 'the key of invalidations';

/** As they were opened, for the next test: nothing that is kept is valid, subgraphs are as they came. */
export async function renew({ catalogue, accounts, data }: Shop, ...gateways: readonly ShopGateway[]): Promise<void> {
  for (const map of Object.values(data)) map.clear();
  for (const subgraph of [catalogue, accounts]) {
    Object.assign(subgraph, { control: undefined, vary: undefined, failure: undefined, gate: undefined });
    subgraph.calls.length = 0;
  }
  // Each takes it itself, so that none has to hear of it first.
  const all = ['catalogue', 'accounts'].map((subgraph) => ({ kind: 'subgraph', subgraph }) as const);
  for (const gateway of gateways) await gateway.invalidate(...all);
}

/** Options by which gateways share what they keep, and with nobody else. */
export function shareRedis(url: string, prefix = `tributary-test-${randomUUID()}:`): Record<string, string> {
  return {
    ...{ REDIS_URL: url, GATEWAY_CACHE_REDIS_PREFIX: prefix, GATEWAY_CACHE_INVALIDATION_EVENTS: 'false' },
    // Redis shares two cores with all the rest of a test.
    ...{
      GATEWAY_CACHE_REDIS_WRITE_TIMEOUT_MS: '5000',
      GATEWAY_CACHE_WAIT_MS: '10000',
      GATEWAY_CACHE_LEASE_MS: '20000',
    },
  };
}

/** @param environment more options, over the usual ones */
export async function openShopGateway(
  stack: ClosingStack,
  { catalogue, accounts, issuer }: Omit<Shop, 'data'>,
  environment: Record<string, string>,
): Promise<ShopGateway> {
  const gateway = await startTestGateway([catalogue.schema, accounts.schema], {
    ...trusting(issuer),
    GATEWAY_CACHE_INVALIDATION_KEY: KEY,
    // Redis shares two cores with all the rest of a test.
    GATEWAY_CACHE_REDIS_READ_TIMEOUT_MS: '10000',
    ...environment,
  });
  stack.add('gateway', gateway);
  return {
    ...gateway,
    invalidate: async (...invalidations) => {
      const response = await fetch(`${gateway.adminUrl}/invalidate`, {
        method: 'POST',
        headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
        body: JSON.stringify(invalidations),
      });
      return { status: response.status, body: await response.json() };
    },
  };
}

/** The header that says who asks. */
export async function as({ issuer }: Shop, subject: string): Promise<{ readonly authorization: string }> {
  return { authorization: `Bearer ${await issuer.token({ subject })}` };
}
