import { type GraphQLObjectType, type GraphQLSchema, isCompositeType, Kind, type OperationTypeNode } from 'graphql';
import { readOperation } from '../../../planning/fetch-text.ts';
import type { FetchNode, QueryPlan } from '../../../planning/plan.ts';
import { runThrough } from '../../../service/slices.ts';
import { NOTHING_REFUSED } from '../../execution/access-decision.ts';
import { fetchesOf, toBranch } from '../../execution/branch.ts';
import type { Json } from '../../execution/own.ts';
import { type Amount, evaluate, product, sum, toValues } from './amount.ts';
import { possibleTypes } from './asked-field.ts';
import { createInputCosts } from './inputs.ts';
import { type Asked, createPlaces } from './places.ts';
import { createSelectionCosts, TooManySteps } from './selection.ts';
import type { Weights } from './weights.ts';

/** What the calls of a plan cost each subgraph at most, in points. */
export interface SubgraphEstimate {
  /** @param variables with defaults and coercion applied, by the plan's names */
  of(variables: Json): ReadonlyMap<string, number>;
}

/** A fetch as it is weighed: an object of these types, at each of its places. */
interface Weighed extends Asked {
  readonly types: readonly GraphQLObjectType[];
}

const NO_FRAGMENTS = new Map();

/**
 * Compiles it: each fetch costs what it asks of one object, as many times as there can be objects at the places that it is for, as though none
 * stood there twice. A field counts for the subgraph that is asked for it, keys included.
 *
 * @param schema everything, as the subgraphs know it
 */
export function compileSubgraphEstimate(
  schema: GraphQLSchema,
  weights: Weights,
  { node }: QueryPlan,
): SubgraphEstimate {
  const inputs = createInputCosts(schema, weights);
  const costs = createSelectionCosts({ schema, weights, inputs, fragments: NO_FRAGMENTS, refused: NOTHING_REFUSED });
  const places = createPlaces(schema, weights);
  const bySubgraph = new Map<string, Amount[]>();
  const fetches = node === undefined || node.kind === 'Subscription' ? [] : fetchesOf(toBranch(node));
  for (const { node: fetch, paths } of fetches) {
    const weighed = readWeighed(schema, fetch);
    if (weighed === undefined) continue;
    const count = sum(paths.map((path) => places.count(path)));
    for (const path of paths) places.add(path, weighed);
    const { fields, types } = weigh(weighed);
    const amounts = bySubgraph.get(fetch.serviceName) ?? [];
    bySubgraph.set(fetch.serviceName, [...amounts, product(count, sum([fields, types]))]);
  }
  const totals = [...bySubgraph].map(([name, amounts]) => ({ name, total: sum(amounts) }));
  return {
    of: (variables) => {
      const values = toValues(variables);
      return new Map(totals.map(({ name, total }) => [name, evaluate(total, values)]));
    },
  };

  function weigh({ types, selectionSet, parent }: Weighed) {
    try {
      return runThrough(costs.ofObject(types, [{ selectionSet, parent, condition: undefined }]));
    } catch (error) {
      if (error instanceof TooManySteps) return { fields: Number.POSITIVE_INFINITY, types: 0 };
      throw error;
    }
  }
}

function readWeighed(schema: GraphQLSchema, fetch: FetchNode): Weighed | undefined {
  const { selectionSet } = readOperation(fetch);
  if (fetch.requires === undefined) {
    const type = schema.getRootType(fetch.operationKind as OperationTypeNode);
    return type ? { types: [type], selectionSet, parent: type } : undefined;
  }
  const [entities] = selectionSet.selections;
  if (entities?.kind !== Kind.FIELD || entities.selectionSet === undefined) return undefined;
  const types = entities.selectionSet.selections.flatMap((selection) => {
    const name = selection.kind === Kind.INLINE_FRAGMENT ? selection.typeCondition?.name.value : undefined;
    const type = name === undefined ? undefined : schema.getType(name);
    return isCompositeType(type) ? possibleTypes(schema, type) : [];
  });
  const [parent] = types;
  return parent && { types: [...new Set(types)], selectionSet: entities.selectionSet, parent };
}
