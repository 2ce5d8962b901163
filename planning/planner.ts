import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import type { QueryPlan } from '@apollo/query-planner';
import { type DocumentNode, type GraphQLSchema, parse } from 'graphql';
import { type AccessRules, collectAccessRules } from './access-rules.ts';
import { type CacheRules, collectCacheRules } from './cache-rules.ts';
import { type CostRules, collectCostRules } from './cost-rules.ts';
import { nameFetches } from './fetch-names.ts';
import { findInterfaceObjects } from './interface-objects.ts';
import { collectOverrideLabels, type OverrideLabels } from './override-labels.ts';
import { createRepairedPlanner } from './repaired-planner.ts';
import { findUnguarded } from './required-access.ts';
import { collectRequiredNames, type RequiredNames } from './required-names.ts';

/** What is known of a supergraph once it is read. */
export interface SupergraphFacts {
  readonly subgraphs: readonly { readonly name: string; readonly url: string }[];
  /** The specifications that the supergraph links, by the name they have there: `join`, `requiresScopes`, `context` … */
  readonly features: readonly string[];
  /** What the planner may add to an operation: see `toPlannable`. */
  readonly required: RequiredNames;
  /** The interfaces that some subgraph has as an `@interfaceObject`: it knows no types of their objects. */
  readonly interfaceObjects: ReadonlySet<string>;
  /** What progressive `@override` asks to be decided for each request. */
  readonly overrideLabels: OverrideLabels;
  /** What the subgraphs say of keys and tags to those who keep their answers. */
  readonly cacheRules: CacheRules;
  /** What it demands of who asks. */
  readonly accessRules: AccessRules;
  /** The fields that are computed from what may be forbidden to who may see them; a supergraph that has any must not be served. */
  readonly unguarded: readonly string[];
  /** What the subgraphs say of the costs of what clients ask for. */
  readonly costRules: CostRules;
}

/** One supergraph, ready to plan operations on it in this thread, which stops meanwhile. See `threaded-planner.ts`. */
export interface LocalPlanner extends SupergraphFacts {
  /** What clients see: without federation's own elements and without what is `@inaccessible`. */
  readonly apiSchema: GraphQLSchema;
  /** Everything, as the subgraphs know it; made when it is first asked for. */
  readonly schema: GraphQLSchema;
  /**
   * Plans one operation of a document that is valid for `apiSchema`, made plannable first.
   *
   * @param labels the progressive `@override` labels that are on for this request; all others are off
   * @throws {RangeError} when the operation is too large for the stack
   * @throws when the planner cannot, which for a valid operation is a fault of the planner, or its `maxPaths`
   */
  plan(document: DocumentNode, operationName: string | undefined, labels?: ReadonlyMap<string, boolean>): QueryPlan;
}

/** How much the planner tries. */
export interface PlannerBounds {
  /** Most whole plans that are compared for one operation; from there on it compares fewer choices, and refuses nothing. */
  readonly maxEvaluatedPlans: number;
  /** Most ways through the subgraphs to one field; an operation that needs more is refused. */
  readonly maxPaths: number;
}

export interface PlannerOptions {
  readonly bounds?: PlannerBounds | undefined;
  /** Whether the supergraph is known to be valid, as one that `compose` has made is: looking takes a third of the time. */
  readonly isValid?: boolean;
}

/**
 * Reads a supergraph schema (the composed SDL).
 *
 * The features accepted are those that Apollo Router supports, more than the planner's own default: whether the gateway
 * enforces what they demand is decided in `gateway/supergraph/`, by name.
 *
 * @throws {GraphQLError | AggregateError} when it is not a supergraph schema, or needs features that are not known
 */
export function buildPlanner(supergraphSdl: string, { bounds, isValid = false }: PlannerOptions = {}): LocalPlanner {
  const document = parse(supergraphSdl, { noLocation: true });
  const supergraph = Supergraph.build(document, {
    supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
    validateSupergraph: !isValid,
  });
  const apiSchema = supergraph.apiSchema().toGraphQLJSSchema();
  const planner = createRepairedPlanner({
    document,
    supergraph,
    apiSchema,
    config: bounds && { debug: { maxEvaluatedPlans: bounds.maxEvaluatedPlans, pathsLimit: bounds.maxPaths } },
  });
  const accessRules = collectAccessRules(supergraph.schema);
  const features = [...(supergraph.schema.coreFeatures?.allFeatures() ?? [])];
  let schema: GraphQLSchema | undefined;

  return {
    apiSchema,
    get schema() {
      schema ??= supergraph.schema.toGraphQLJSSchema();
      return schema;
    },
    subgraphs: supergraph.subgraphsMetadata(),
    features: features.map(({ url }) => url.name),
    required: collectRequiredNames(planner.document),
    interfaceObjects: findInterfaceObjects(planner.document),
    overrideLabels: collectOverrideLabels(document),
    cacheRules: collectCacheRules(document),
    accessRules,
    unguarded: findUnguarded(supergraph.schema, accessRules),
    costRules: collectCostRules(document),
    plan: (plannable, operationName, labels = new Map()) => nameFetches(planner.plan(plannable, operationName, labels)),
  };
}
