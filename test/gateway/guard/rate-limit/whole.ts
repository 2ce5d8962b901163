import { randomUUID } from 'node:crypto';
import type { Log } from '../../../../service/logs.ts';
import type { ClosingStack } from '../../../../service/run.ts';
import { type ControlledSubgraph, startControlledSubgraph } from '../../../support/controlled-subgraph.ts';
import { startTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

/** A subgraph that answers at once. */
export function startSubgraph(): Promise<ControlledSubgraph> {
  return startControlledSubgraph({
    name: 'one',
    sdl: 'type Query { hello: String search: String items: [Item] } type Item { name: String } type Mutation { order: String }',
    resolvers: {
      Query: { hello: () => 'hello', search: () => 'found', items: () => [{ name: 'a' }, { name: 'b' }] },
      Mutation: { order: () => 'ordered' },
    },
  });
}

/** Options by which gateways share their quotas, and with nobody else. */
export function shareQuotas(url: string, prefix = `tributary-test-${randomUUID()}:`): Record<string, string> {
  return {
    GATEWAY_CACHE_REDIS_URLS: url,
    GATEWAY_CACHE_REDIS_PREFIX: prefix,
    // Redis shares two cores with all the rest of a test.
    GATEWAY_RATE_LIMIT_TIMEOUT_MS: '5000',
  };
}

/** A gateway with these sets of rules. */
export async function openLimited(
  stack: ClosingStack,
  subgraph: ControlledSubgraph,
  sets: object,
  environment: Record<string, string> = {},
  log?: Log,
): Promise<TestGateway> {
  const options = {
    GATEWAY_CACHE_MODE: 'off',
    GATEWAY_HTTP_TRUSTED_PROXIES: '127.0.0.1',
    GATEWAY_RATE_LIMIT_SETS: JSON.stringify(sets),
    ...environment,
  };
  const gateway = await startTestGateway([subgraph.schema], options, log);
  return stack.add('gateway', gateway);
}

/** How many of so many requests of one client are answered, some at a time, of several gateways by turns. */
export async function answeredOf(count: number, gateways: readonly TestGateway[], client: string): Promise<number> {
  const headers = { 'x-forwarded-for': client };
  let sent = 0;
  let answered = 0;
  const ask = async () => {
    while (sent < count) {
      const gateway = gateways[sent++ % gateways.length];
      const reply = await gateway?.query('{ hello }', { headers });
      if (reply?.status === 200) answered++;
      else if (reply?.status !== 429) throw new Error(`status ${reply?.status}`);
    }
  };
  await Promise.all(Array.from({ length: 20 }, ask));
  return answered;
}

/** What is left of the quota `points` for who sends a query. */
export async function leftAfter(gateway: TestGateway, query: string): Promise<number> {
  const { headers } = await gateway.query(query);
  return Number(/"points";r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);
}
