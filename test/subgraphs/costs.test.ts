import { expect, it } from '@jest/globals';
import { getNamedType, isCompositeType, isObjectType, Kind, parse, validate } from 'graphql';
import { compose } from '../../composition/compose.ts';
import { readSupergraphYaml } from '../../composition/supergraph-yaml.ts';
import { listDepth } from '../../gateway/guard/cost/asked-field.ts';
import { compileEstimate } from '../../gateway/guard/cost/estimate.ts';
import { createWeights } from '../../gateway/guard/cost/weights.ts';
import { buildPlanner } from '../../planning/planner.ts';

const { subgraphs } = await readSupergraphYaml('supergraph.yaml', { environment: {} });
const composition = compose(subgraphs);
if ('errors' in composition) throw new Error('the example subgraphs do not compose');
const { apiSchema, costRules } = buildPlanner(composition.supergraphSdl);

it('every list of objects of the example subgraphs says how long it can be', () => {
  const types = Object.values(apiSchema.getTypeMap()).filter(
    (type) => isObjectType(type) && !type.name.startsWith('__'),
  );
  const fields = types.flatMap((type) =>
    Object.values(isObjectType(type) ? type.getFields() : {}).map((field) => ({ type, field })),
  );
  const sized = fields.flatMap(({ type, field }) => {
    const listSize = costRules.fields.get(`${type.name}.${field.name}`)?.listSize;
    return (listSize?.sizedFields ?? []).map((name) => `${getNamedType(field.type).name}.${name}`);
  });
  const lists = fields.filter(({ field }) => listDepth(field.type) > 0 && isCompositeType(getNamedType(field.type)));
  expect(lists.length).toBeGreaterThan(4);
  const unsaid = lists
    .map(({ type, field }) => `${type.name}.${field.name}`)
    .filter((name) => !costRules.fields.has(name));
  expect(unsaid.filter((name) => !sized.includes(name))).toEqual([]);
});

it.each([
  { query: '{ products(first: 5) { edges { node { name } } } }', fields: 1 + 1 + 5 * 1, types: 1 + 1 + 5 * (1 + 1) },
  { query: '{ products(search: "x") { pageInfo { hasNextPage } } }', fields: 1 + 5 + 1, types: 1 + 1 + 1 },
  { query: '{ me { orders { lines { quantity } } } }', fields: 1 + 1 + 20 * 1, types: 1 + 1 + 20 * (1 + 50 * 1) },
  { query: 'mutation { login(email: "a", password: "b") { accessToken } }', fields: 20, types: 10 + 1 },
  {
    query:
      'mutation { placeOrder(idempotencyKey: "1", lines: [{ productId: "1", quantity: 1 }, { productId: "2", quantity: 5 }]) { id } }',
    fields: 1 + (1 + 2 * 1),
    types: 10 + 1,
  },
])('$query costs what its subgraphs say', ({ query, fields, types }) => {
  const document = parse(query);
  expect(validate(apiSchema, document)).toEqual([]);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new TypeError('no operation comes first');
  const weights = createWeights(apiSchema, costRules, 10);
  const estimate = compileEstimate({ schema: apiSchema, weights, operation, fragments: new Map() });
  expect(estimate.of({})).toEqual({ fields, types });
  expect(() => estimate.check({})).not.toThrow();
});
