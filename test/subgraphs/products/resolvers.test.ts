import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { DEMO_PRODUCTS, demoId } from '../../../subgraphs/demo.ts';
import { products } from '../../../subgraphs/products/service.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { ask } from '../support/ask.ts';
import { startTestService, type TestService } from '../support/test-service.ts';
import { startTokenIssuer, type TokenIssuer } from '../support/token-issuer.ts';

const GEAR = demoId('product', 1);
const DRUM = demoId('product', 17);
const ENTITIES =
  'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Product { id sku } } }';

interface ProductsPage {
  readonly products: {
    readonly edges: { readonly node: { readonly id: string; readonly name: string } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean; readonly endCursor: string };
  };
}

describeOnEachPostgres('the graph of products', (kind) => {
  let database: TestDatabase;
  let issuer: TokenIssuer;
  let service: TestService;

  beforeAll(async () => {
    database = await kind.create();
    issuer = await startTokenIssuer();
    const environment = { SEED: 'demo', PRODUCTS_TOKEN_JWKS_URL: issuer.jwksUrl };
    service = await startTestService(products, { databaseUrl: database.url, environment });
  });

  afterAll(async () => {
    await service.close();
    await issuer.close();
    await database.close();
  });

  async function namesOf(range: string): Promise<string[]> {
    const { data } = await ask<ProductsPage>(service.url, `{ products(${range}) { edges { node { name } } } }`);
    return data.products.edges.map(({ node }) => node.name);
  }

  it('shows a product to anyone, by its id or its SKU', async () => {
    const fields = '{ id sku name description price currency inStock }';
    const gear = {
      id: GEAR,
      sku: 'TRB-0001',
      name: 'Brass gear',
      description: 'Forty teeth, cut by hand.',
      price: '12.50',
      currency: 'EUR',
      inStock: true,
    };
    expect((await ask(service.url, `{ product(id: "${GEAR}") ${fields} }`)).data).toEqual({ product: gear });
    expect((await ask(service.url, `{ product(sku: "TRB-0001") ${fields} }`)).data).toEqual({ product: gear });
    expect((await ask(service.url, `{ product(id: "${DRUM}") { inStock } }`)).data).toEqual({
      product: { inStock: false },
    });
  });

  it.each(['id: "nothing"', `id: "${demoId('product', 999)}"`, 'sku: "TRB-9999"', 'sku: "a\\u0000b"', 'id: "\\u0000"'])(
    'finds nothing for product(%s)',
    async (key) => {
      expect(await ask(service.url, `{ product(${key}) { id } }`)).toMatchObject({
        data: { product: null },
        codes: [],
      });
    },
  );

  it.each(['id: "1", sku: "2"', 'id: null'])('refuses product(%s)', async (key) => {
    expect(await ask(service.url, `{ product(${key}) { id } }`)).toMatchObject({ codes: ['BAD_USER_INPUT'] });
  });

  it.each([[1], [7], [40], [100]])('walks all products in pages of %d, each once and by name', async (first) => {
    const query =
      'query ($first: Int!, $after: String) { products(first: $first, after: $after) { edges { node { id name } } pageInfo { hasNextPage hasPreviousPage endCursor } } }';
    const names: string[] = [];
    let after: string | null = null;
    for (let hasNext = true; hasNext; ) {
      const page: ProductsPage = (await ask<ProductsPage>(service.url, query, { variables: { first, after } })).data;
      expect(page.products.pageInfo.hasPreviousPage).toBe(after !== null);
      names.push(...page.products.edges.map(({ node }) => node.name));
      after = page.products.pageInfo.endCursor;
      hasNext = page.products.pageInfo.hasNextPage;
    }
    expect(names).toHaveLength(DEMO_PRODUCTS.length);
    expect(new Set(names)).toEqual(new Set(DEMO_PRODUCTS.map(({ name }) => name)));
  });

  it('searches names and descriptions in any case, and takes wildcards for what they are', async () => {
    expect(await namesOf('search: "GEAR"')).toEqual(['Brass gear']);
    expect(await namesOf('search: "mahogany"')).toEqual(['Slide rule']);
    expect(await namesOf('search: "%"')).toEqual([]);
    expect(await namesOf('search: "_"')).toEqual([]);
    expect(await namesOf('search: "\\\\"')).toEqual([]);
    expect(await namesOf('search: "", first: 100')).toHaveLength(DEMO_PRODUCTS.length);
  });

  it.each([
    'first: 0',
    'first: -1',
    'first: 101',
    'after: "nonsense"',
    'after: ""',
    'after: "WyJhIiwiYiJd"',
    `search: "${'a'.repeat(101)}"`,
    'search: "a\\u0000b"',
  ])('refuses products(%s)', async (range) => {
    expect(await ask(service.url, `{ products(${range}) { edges { cursor } } }`)).toMatchObject({
      codes: ['BAD_USER_INPUT'],
    });
  });

  it('resolves fifty references by one query, in their order, and null for what is not there', async () => {
    const ids = Array.from({ length: 50 }, (_, index) => demoId('product', 50 - index));
    service.statements.length = 0;
    const { data } = await ask<{ _entities: ({ id: string } | null)[] }>(service.url, ENTITIES, {
      variables: { representations: ids.map((id) => ({ __typename: 'Product', id })) },
    });
    expect(service.statements).toHaveLength(1);
    expect(data._entities.map((entity) => entity?.id)).toEqual(ids.map((id, index) => (index < 10 ? undefined : id)));
  });

  it('resolves references by SKU by one query too', async () => {
    const skus = Array.from({ length: 50 }, (_, index) => `TRB-${String(index + 1).padStart(4, '0')}`);
    service.statements.length = 0;
    const { data } = await ask<{ _entities: ({ sku: string } | null)[] }>(service.url, ENTITIES, {
      variables: { representations: skus.map((sku) => ({ __typename: 'Product', sku })) },
    });
    expect(service.statements).toHaveLength(1);
    expect(data._entities.map((entity) => entity?.sku)).toEqual(
      skus.map((sku, index) => (index < 40 ? sku : undefined)),
    );
  });

  it('lets administrators adjust the stock, and nobody else', async () => {
    const adjust = (delta: number, token?: string, id = DRUM) =>
      ask(service.url, `mutation { adjustStock(productId: "${id}", delta: ${delta}) { id inStock } }`, { token });
    const admin = await issuer.issue(demoId('user', 20), 'user', 'admin');
    expect((await adjust(5)).codes).toEqual(['UNAUTHENTICATED']);
    expect((await adjust(5, await issuer.issue(demoId('user', 1), 'user'))).codes).toEqual(['FORBIDDEN']);
    expect((await adjust(5, admin)).data).toEqual({ adjustStock: { id: DRUM, inStock: true } });
    expect((await adjust(-6, admin)).codes).toEqual(['OUT_OF_STOCK']);
    expect((await adjust(-5, admin)).data).toEqual({ adjustStock: { id: DRUM, inStock: false } });
    expect((await adjust(2 ** 31 - 1, admin)).codes).toEqual([]);
    expect((await adjust(2 ** 31 - 1, admin)).codes).toEqual([]);
    expect((await adjust(1, admin, 'nothing')).codes).toEqual(['NOT_FOUND']);
  });

  it('tells administrators how many there are, and nobody else', async () => {
    const query = `{ gear: product(id: "${GEAR}") { stock } axle: product(id: "${demoId('product', 2)}") { stock } }`;
    const none = { gear: { stock: null }, axle: { stock: null } };
    const stockFor = (token?: string) => ask(service.url, query, { token });
    expect(await stockFor()).toMatchObject({ data: none, codes: ['UNAUTHENTICATED', 'UNAUTHENTICATED'] });
    const customer = await issuer.issue(demoId('user', 1), 'user');
    expect(await stockFor(customer)).toMatchObject({ data: none, codes: ['FORBIDDEN', 'FORBIDDEN'] });
    const admin = await issuer.issue(demoId('user', 20), 'user', 'admin');
    service.statements.length = 0;
    const [gear, axle] = DEMO_PRODUCTS.map(({ stock }) => ({ stock }));
    expect((await stockFor(admin)).data).toEqual({ gear, axle });
    expect(service.statements.filter((statement) => /from "products"."stock"/.test(statement))).toHaveLength(1);
  });
});
