import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RoverRegistry, startRoverRegistry } from '../support/rover-registry.ts';
import { USERS } from '../support/shop.ts';

const INTERNAL = USERS.replace('type Query {', 'type Query { onlyInternal: String');

/** Everything below a variant that nobody but its readers may have. */
const ALL = 'name subgraphs { name activePartialSchema { sdl } } latestLaunch { id } readme { content }';

const FILTER = `sourceVariant: "internal", initiateLaunch: true, filterConfig: {
  include: ["public"], exclude: [], hideUnreachableTypes: false }`;

describe('a key for one variant of a graph', () => {
  let registry: RoverRegistry;
  let key: string;
  let reporter: string;

  beforeAll(async () => {
    registry = await startRoverRegistry();
    await registry.publish('shop@internal', 'users', INTERNAL);
    await registry.publish('shop@partner', 'users', USERS);
    await registry.ask(`mutation { graph(id: "shop") { upsertContractVariant(contractVariantName: "open", ${FILTER}) {
      ... on ContractVariantUpsertSuccess { launchUrl } } } }`);
    key = await registry.createKey({ name: 'partner', graphId: 'shop', variant: 'partner', verbs: ['admin'] });
    reporter = await registry.createKey({ name: 'reporter', graphId: 'shop', verbs: ['report'] });
  });
  afterAll(() => registry.close());

  const ask = async (query: string, secret = key) => {
    const response = await fetch(registry.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': secret },
      body: JSON.stringify({ query }),
    });
    return response.text();
  };

  it('reads no other variant in the list of all', async () => {
    const text = await ask(`{ graph(id: "shop") { variants { ${ALL} } } }`);
    expect(text).toContain('"name":"partner"');
    expect(text).not.toContain('internal');
    expect(text).not.toContain('onlyInternal');
  });

  it('reads nothing through what rover asks to know whose key it is', async () => {
    expect(await ask(`{ me { ... on Graph { variants { ${ALL} } } } }`)).not.toContain('onlyInternal');
    const text = await ask(`{ me { id ... on Graph { variants { ${ALL} } } } }`, reporter);
    expect(text).toContain('"id":"shop"');
    expect(text).not.toContain('onlyInternal');
  });

  it('reads of a contract not the variant that it is made from', async () => {
    const open = await registry.createKey({ name: 'open', graphId: 'shop', variant: 'open', verbs: ['read'] });
    const query = `{ graph(id: "shop") { variant(name: "open") { name sourceVariant { ${ALL} } } } }`;
    expect(await ask(query, open)).toContain('"name":"open"');
    expect(await ask(query, open)).not.toContain('onlyInternal');
    // Whoever may read both has both.
    expect(await registry.ask(query)).toMatchObject({ graph: { variant: { sourceVariant: { name: 'internal' } } } });
  });

  it('makes no contract of another variant', async () => {
    const own = await registry.createKey({ name: 'own', graphId: 'shop', variant: 'mine', verbs: ['admin'] });
    const text = await ask(
      `mutation { graph(id: "shop") { upsertContractVariant(contractVariantName: "mine", ${FILTER}) { __typename } } }`,
      own,
    );
    expect(text).toContain('may not read shop@internal');
  });

  it('sees no check of another, on a page neither', async () => {
    const { stdout, stderr } = await registry.rover.run(
      ['subgraph', 'check', 'shop@internal', '--name', 'users', '--schema'].concat(
        registry.rover.write('internal.graphql', INTERNAL),
      ),
    );
    // Rover prints its address.
    const id = /checks\/([0-9a-f-]{36})/.exec(stdout + stderr)?.[1];
    const query = `{ graph(id: "shop") { checkWorkflow(id: "${id}") { status } } }`;
    expect(await registry.ask(query)).toEqual({ graph: { checkWorkflow: { status: expect.any(String) } } });
    expect(JSON.parse(await ask(query))).toEqual({ data: { graph: { checkWorkflow: null } } });
    expect((await registry.browse(`/graph/shop/checks/${id}`)).status).toBe(200);
    const headers = { 'x-api-key': key };
    expect((await fetch(`${registry.url}/graph/shop/checks/${id}`, { headers })).status).toBe(404);
    const list = await (await fetch(`${registry.url}/graph/shop/service-list`, { headers })).text();
    expect(list).toContain('shop@partner');
    expect(list).not.toContain('internal');
  });

  it('compares with the usage of no other variant', async () => {
    const text = await ask(`mutation { graph(id: "shop") { variant(name: "partner") { submitSubgraphCheckAsync(input: {
      subgraphName: "users", proposedSchema: "type Query { other: Int }", isSandbox: false, gitContext: {},
      config: { includedVariants: ["internal"], excludedClients: [] } }) { __typename ... on PermissionError { message } } } } }`);
    expect(text).toContain('may not read shop@internal');
  });
});
