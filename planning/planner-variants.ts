import { operationFromDocument, ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner, type QueryPlannerConfig } from '@apollo/query-planner';
import { type DocumentNode, visit } from 'graphql';
import { addAnchors, requireAnchors } from './chained-requirements.ts';
import type { QueryPlan } from './plan.ts';
import { removeAnchors } from './remove-anchors.ts';
import { putResolvableKeysFirst } from './resolvable-keys.ts';

/** Plans on one form of a supergraph. */
export type PlanOn = (
  document: DocumentNode,
  operationName: string | undefined,
  labels: ReadonlyMap<string, boolean>,
) => QueryPlan;

export interface VariantOptions {
  readonly document: DocumentNode;
  /** Built from the document. */
  readonly supergraph: Supergraph;
  readonly config: QueryPlannerConfig | undefined;
}

/**
 * The planner on several forms of one supergraph that mean the same: as it is, with anchors (see `requireAnchors`), and both
 * with the keys of each type the other way round, because of several keys the planner takes the first, there or not. Each is
 * built when it is first asked for, which costs what the first one cost; few operations ask.
 */
export function createVariants({ document, supergraph, config }: VariantOptions): readonly (() => PlanOn)[] {
  const anchored = once(() => addAnchors(document));
  const reversed = once(() => putResolvableKeysFirst(reverseKeys(document)));
  return [
    once(() => createPlan(supergraph, config)),
    once(() => createAnchoredPlan(anchored(), config)),
    once(() => createPlan(buildUnchecked(reversed()), config)),
    once(() => createAnchoredPlan(addAnchors(reversed()), config)),
  ];
}

/** Builds what was valid before it was changed, and is not validated again: see `requireAnchors`. */
export function buildUnchecked(document: DocumentNode): Supergraph {
  return Supergraph.build(document, {
    supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
    validateSupergraph: false,
  });
}

function createPlan(supergraph: Supergraph, config: QueryPlannerConfig | undefined): PlanOn {
  const api = supergraph.apiSchema();
  const planner = new QueryPlanner(supergraph, config);
  return (document, name, labels) => {
    const options = { ...(name === undefined ? {} : { operationName: name }), validate: false };
    return planner.buildQueryPlan(operationFromDocument(api, document, options), {
      overrideConditions: new Map(labels),
    });
  };
}

function createAnchoredPlan(document: DocumentNode, config: QueryPlannerConfig | undefined): PlanOn {
  const supergraph = buildUnchecked(document);
  requireAnchors(supergraph);
  const plan = createPlan(supergraph, config);
  return (...operation) => removeAnchors(plan(...operation));
}

/** The order in which a subgraph declares its keys. */
function reverseKeys(document: DocumentNode): DocumentNode {
  return visit(document, {
    ObjectTypeDefinition: (type) => ({ ...type, directives: [...(type.directives ?? [])].reverse() }),
    InterfaceTypeDefinition: (type) => ({ ...type, directives: [...(type.directives ?? [])].reverse() }),
  });
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
