import { randomUUID } from 'node:crypto';
import { createEvents, type Events } from '../../../service/events.ts';
import { createLog } from '../../../service/logs.ts';
import { ClosingStack } from '../../../service/run.ts';
import { orders } from '../../../subgraphs/orders/service.ts';
import { products } from '../../../subgraphs/products/service.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';
import { type Answer, ask } from '../support/ask.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

/** Orders, the products that it needs, and an issuer that both trust. */
export interface StartedOrders extends TestService {
  readonly issuer: TestIssuer;
  readonly products: TestService;
  readonly token: TestIssuer['token'];
}

export interface StartOrdersOptions {
  readonly databaseUrl: string;
  readonly seed?: 'none' | 'demo';
  /** By the names of the environment. */
  readonly options?: Readonly<Record<string, string>>;
}

export async function startOrders({
  databaseUrl,
  seed = 'none',
  options = {},
}: StartOrdersOptions): Promise<StartedOrders> {
  const stack = new ClosingStack();
  const issuer = stack.add('issuer', await startIssuer());
  const events: Events = stack.add('events', createEvents({ log: createLog('test', 'silent') }));
  const trust = (prefix: string) => ({
    [`${prefix}_TOKEN_ISSUER`]: issuer.issuer,
    [`${prefix}_TOKEN_AUDIENCE`]: issuer.audience,
    [`${prefix}_TOKEN_JWKS_URL`]: issuer.jwksUrl,
  });
  const stock = await startTestService(products, {
    ...{ databaseUrl, events, environment: { SEED: 'demo', ...trust('PRODUCTS') } },
  });
  stack.add('products', stock);
  const environment = {
    SEED: seed,
    ...trust('ORDERS'),
    ORDERS_PRODUCTS_URL: stock.url,
    ORDERS_CLIENT_TOKEN_URL: issuer.tokenUrl,
    ORDERS_CLIENT_ID: issuer.client.id,
    ORDERS_CLIENT_SECRET: issuer.client.secret,
    ...options,
  };
  const service = await startTestService(orders, { databaseUrl, events, environment });
  stack.add('orders', service);
  return { ...service, issuer, products: stock, token: issuer.token, close: () => stack.close() };
}

export interface PlacedOrder {
  readonly id: string;
  readonly status: string;
  readonly placedAt: string;
  readonly total: string;
  readonly currency: string;
  readonly lines: readonly { product: { id: string } | null; quantity: number; unitPrice: string }[];
  readonly user: { readonly id: string } | null;
}

export const ORDER_FIELDS = 'id status placedAt total currency lines { product { id } quantity unitPrice } user { id }';

const PLACE = `mutation ($lines: [OrderLineInput!]!, $key: String!) {
  placeOrder(lines: $lines, idempotencyKey: $key) { ${ORDER_FIELDS} }
}`;

/** How much of which products. */
export type Wanted = readonly (readonly [productId: string, quantity: number])[];

/** Sends an order; by a key of its own unless one is given. */
export function place(
  url: string,
  token: string | undefined,
  wanted: Wanted,
  key: string = randomUUID(),
): Promise<Answer<{ placeOrder: PlacedOrder | null }>> {
  const lines = wanted.map(([productId, quantity]) => ({ productId, quantity }));
  return ask(url, PLACE, { variables: { lines, key }, token });
}
