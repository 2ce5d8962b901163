import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import type { Database } from '../../service/database.ts';
import { user } from '../../subgraphs/users/tables.ts';
import { openTestDatabase } from '../subgraphs/support/open-test-database.ts';
import { createTestLog } from '../support/log-lines.ts';
import { describeOnEachPostgres, type TestDatabase } from '../support/servers.ts';

const SECRET = 'private-scalar\n    at $& night';

describeOnEachPostgres('the log of a query that failed', (kind) => {
  let test: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    test = await kind.create();
    database = await openTestDatabase('users', test.url);
  });
  afterAll(async () => {
    await database.close();
    await test.close();
  });

  const lineOf = async (error: unknown): Promise<string> => {
    const { log, lines } = createTestLog();
    log.error({ err: error }, 'failed');
    return lines.find(/"failed"/);
  };
  const account = { name: 'Ada', email: 'ada@example.com', role: 'CUSTOMER' as const, createdAt: new Date() };
  const failure = () =>
    database.query
      .insert(user)
      .values({ ...account, passwordHash: SECRET, id: sql`null` })
      .then(
        () => undefined,
        (error: Error) => error,
      );

  it('has the statement, the cause and where it happened, and none of the values', async () => {
    const error = await failure();
    expect(error?.message).toContain('private-scalar');
    const line = await lineOf(error);
    expect(line).toContain('insert into');
    expect(line).toContain('null value in column');
    expect(line).toContain('error-description.test.ts');
    expect(line).not.toContain('private-scalar');
    expect(line).not.toContain('night');
    expect(line).not.toContain('ada@example.com');
  });

  it('has none of the values either when another error tells of it', async () => {
    const error = await failure();
    const line = await lineOf(
      new AggregateError([error], 'several', { cause: new Error('no room', { cause: error }) }),
    );
    expect(line).toContain('no room: Failed query: insert into');
    expect(line).not.toContain('private-scalar');
    expect(line).not.toContain('ada@example.com');
  });

  it('leaves the error as it was', async () => {
    const error = await failure();
    await lineOf(error);
    expect(error?.message).toContain('private-scalar');
  });
});

it('logs where an error happened, and where its cause did', async () => {
  const { log, lines } = createTestLog();
  const error = new Error('the outer', { cause: failDeepInside() });
  log.error({ err: error }, 'failed');
  const { err } = JSON.parse(await lines.find(/"failed"/)) as { err: { stack: string } };
  expect(err.stack).toMatch(/^Error: the outer\n +at .*error-description\.test\.ts/);
  expect(err.stack).toMatch(/caused by: TypeError: the inner\n +at failDeepInside/);
});

function failDeepInside(): TypeError {
  return new TypeError('the inner');
}
