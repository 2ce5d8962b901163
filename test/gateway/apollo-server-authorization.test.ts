import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createApolloGateway } from '../../gateway/apollo-gateway.ts';
import { createLog } from '../../service/logs.ts';
import { ClosingStack } from '../../service/run.ts';
import { startTestServer, type TeamContext } from '../support/apollo-servers.ts';
import { type ControlledSubgraph, startControlledSubgraph } from '../support/controlled-subgraph.ts';
import { composeOrThrow, postQuery } from '../support/test-gateway.ts';

const logger = createLog('gateway', 'silent');
const SUBGRAPH = {
  name: 'one',
  sdl: 'type Query { open: String mine: String @authenticated scoped: String @requiresScopes(scopes: [["s"]]) }',
  resolvers: { Query: { open: () => 'open', mine: () => 'mine', scoped: () => 'scoped' } },
};

describe('a graph with something guarded, behind an Apollo Server', () => {
  const stack = new ClosingStack();
  let subgraph: ControlledSubgraph;
  afterAll(() => stack.close());
  beforeEach(async () => {
    subgraph = stack.add('subgraph', await startControlledSubgraph(SUBGRAPH));
    subgraph.control = 'public, max-age=60';
  });

  const gatewayWith = (options: Parameters<typeof createApolloGateway<TeamContext>>[0]) =>
    createApolloGateway<TeamContext>({ supergraphSdl: composeOrThrow([subgraph.schema]), logger, ...options });
  const identityFrom = ({ userId }: TeamContext) =>
    userId === undefined ? undefined : { subject: userId, scopes: userId.endsWith('ada') ? ['s'] : [] };
  const as = (name: string) => ({ headers: { authorization: `Bearer ${name}` } });
  const query = '{ open mine scoped }';

  it('is refused when nobody says who asks', async () => {
    await expect(startTestServer(gatewayWith({}))).rejects.toThrow(
      /uses @authenticated, @requiresScopes, which this gateway does not enforce/,
    );
  });

  it('gives each what the server’s own identity may have', async () => {
    const { url } = stack.add('server', await startTestServer(gatewayWith({ identityFrom })));
    const anonymous = await postQuery(url, query);
    expect(subgraph.calls.map((call) => call.query)).toEqual([expect.not.stringMatching(/mine|scoped/)]);
    expect(anonymous.body).toMatchObject({
      data: { open: 'open', mine: null, scoped: null },
      errors: [
        { path: ['mine'], locations: [{ line: 1, column: 8 }], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } },
        { path: ['scoped'] },
      ],
    });
    expect(anonymous.headers.get('cache-control')).not.toContain('public');
    expect((await postQuery(url, query, as('bob'))).body.data).toEqual({ open: 'open', mine: 'mine', scoped: null });
    expect((await postQuery(url, query, as('ada'))).body).toEqual({
      data: { open: 'open', mine: 'mine', scoped: 'scoped' },
    });
    expect((await postQuery(url, '{ open }')).headers.get('cache-control')).toBe('max-age=60, public');
  });

  it('refuses operations whole where that is wanted', async () => {
    const gateway = gatewayWith({ identityFrom, authorization: { unauthorized: 'refuse' } });
    const { url } = stack.add('server', await startTestServer(gateway));
    const { status, body } = await postQuery(url, query, as('bob'));
    expect(status).toBe(403);
    expect(body).toMatchObject({ errors: [{ path: ['scoped'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }] });
    expect(subgraph.calls).toEqual([]);
  });
});
