import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { listAuditEntries } from '../../../registry/storage/audit-entries.ts';
import { listDeliveries } from '../../../registry/storage/deliveries.ts';
import type { Query } from '../../../registry/storage/query.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { GRAPH, type OpenRegistry, openRegistry } from '../support/open-registry.ts';

const WEBHOOK = '00000000-0000-4000-8000-000000000000';

describeOnEachPostgres('what grows for ever', (kind) => {
  let database: TestDatabase;
  let registry: OpenRegistry;
  beforeAll(async () => {
    database = await kind.create();
    registry = await openRegistry(database.url);
  });
  afterAll(async () => {
    await registry.close();
    await database.close();
  });

  /** How the database answers a question when it takes indexes wherever it can: of few rows it would rather read all. */
  async function planOf(ask: (query: Query) => PromiseLike<unknown>): Promise<string> {
    let plan = '';
    await registry.database.query.transaction(async (transaction) => {
      for (const way of ['seqscan', 'bitmapscan', 'sort'])
        await transaction.execute(sql.raw(`set local enable_${way} = off`));
      const { rows } = await transaction.execute(sql`explain ${ask(transaction as unknown as Query) as never}`);
      plan = JSON.stringify(rows);
    });
    return plan;
  }

  it.each([
    ['audit_entry_of_graph', (query: Query) => listAuditEntries(query, { graphId: GRAPH, limit: 5 })],
    ['delivery_of_webhook', (query: Query) => listDeliveries(query, WEBHOOK, 5)],
  ])('is read by %s', async (index, ask) => {
    const plan = await planOf(ask);
    expect(plan).toContain(index);
    expect(plan).not.toContain('Sort');
  });
});
