import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditServer } from 'graphql-http';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

/** The audits of graphql-http: what the GraphQL over HTTP specification asks of a server. They need no subgraph to answer. */
async function audit(gateway: TestGateway): Promise<Record<string, string[]>> {
  const results = await auditServer({ url: `${gateway.url}/graphql`, fetchFn: fetch });
  const byStatus: Record<string, string[]> = {};
  for (const { status, name } of results) byStatus[status] = [...(byStatus[status] ?? []), name];
  return byStatus;
}

const SUBGRAPHS = [{ name: 'one', url: 'http://127.0.0.1:1', sdl: 'type Query { hello: String }' }];

describe('GraphQL over HTTP', () => {
  let guarded: TestGateway;
  let open: TestGateway;

  beforeAll(async () => {
    guarded = await startTestGateway(SUBGRAPHS);
    open = await startTestGateway(SUBGRAPHS, { GATEWAY_HTTP_CSRF_PREVENTION: 'false' });
  });
  afterAll(async () => {
    await Promise.all([guarded.close(), open.close()]);
  });

  it('passes all 61 audits without CSRF prevention', async () => {
    const { ok = [], ...others } = await audit(open);
    expect(others).toEqual({});
    expect(ok).toHaveLength(61);
  });

  it('passes 58 with CSRF prevention, which refuses the three bare GETs', async () => {
    const { ok = [], ...others } = await audit(guarded);
    expect(others).toEqual({
      notice: [
        'MAY accept application/x-www-form-urlencoded formatted GET requests',
        'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json',
        'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json',
      ],
    });
    expect(ok).toHaveLength(58);
  });
});
