import { ValidationContext, ValidationState, validateSatisfiability } from '@apollo/composition';
import { type Schema, Supergraph } from '@apollo/federation-internals';
import {
  buildFederatedQueryGraph,
  buildSupergraphAPIQueryGraph,
  type Edge,
  QueryGraphState,
  simpleValidationConditionResolver,
} from '@apollo/query-graphs';
import type { GraphQLError } from 'graphql';

/** What is found of a supergraph whose subgraphs merge: fields that some query cannot reach, and what may not be meant. */
export interface Satisfiability {
  readonly errors: readonly GraphQLError[];
  readonly hints: readonly CompositionHint[];
}

type CompositionHint = NonNullable<ReturnType<typeof validateSatisfiability>['hints']>[number];
type MutationErrors = Parameters<ValidationState['validateTransition']>[4];
type Visits = Parameters<ValidationState['canSkipVisit']>[1];

/** How many paths into subgraphs may be open at a time, as in `@apollo/composition`. */
const MOST_OPEN_PATHS = 1_000_000;

/**
 * Whether each query of the supergraph can be answered by its subgraphs (Federation, "Satisfiability").
 *
 * The steps are those of `@apollo/composition`, whose order is depth first: in a graph whose types refer to one another its paths are as
 * long as there are types, and each step copies its path. Here they are walked breadth first, so that a type is reached by its shortest
 * path, which is also the best example in an error (decision 0015). What the library alone knows to word, and what is too
 * wide for this, is left to it.
 */
export function checkSatisfiability(supergraphSchema: Schema): Satisfiability {
  const supergraph = new Supergraph(supergraphSchema, null);
  const supergraphAPI = buildSupergraphAPIQueryGraph(supergraph);
  const federatedQueryGraph = buildFederatedQueryGraph(supergraph, false);
  const enumValues = supergraph.subgraphNameToGraphEnumValue();
  const context = new ValidationContext(supergraphSchema, enumValues);
  const conditionResolver = simpleValidationConditionResolver({
    supergraph: supergraphSchema,
    queryGraph: federatedQueryGraph,
    withCaching: true,
  });
  const visits: Visits = new QueryGraphState();
  const errors: GraphQLError[] = [];
  const hints: CompositionHint[] = [];
  const ofMutations: MutationErrors = new Map();

  function stepsFrom(state: ValidationState): ValidationState[] {
    if (state.canSkipVisit(enumValues, visits)) return [];
    return state.supergraphPath.nextEdges().flatMap((edge) => {
      if (edge.isEdgeForField('__typename') || isExcluded(edge, state)) return [];
      const contexts = edge.transition.kind === 'FieldCollection' ? context.matchingContexts(edge.head.type.name) : [];
      const { state: next, hint } = state.validateTransition(context, edge, contexts, errors, ofMutations);
      if (hint !== undefined) hints.push(hint);
      return next === undefined || next.supergraphPath.isTerminal() ? [] : [next];
    });
  }

  const overrideConditions = new Map<string, boolean>();
  let open = supergraphAPI
    .rootKinds()
    .map((kind) =>
      ValidationState.initial({ supergraphAPI, kind, federatedQueryGraph, conditionResolver, overrideConditions }),
    );
  while (open.length > 0) {
    const next: ValidationState[] = [];
    let paths = 0;
    for (const state of open) {
      for (const step of stepsFrom(state)) {
        paths += step.allSubgraphPathsCount();
        if (paths > MOST_OPEN_PATHS) return leaveToLibrary(supergraphSchema);
        next.push(step);
      }
    }
    open = next;
  }
  return isSomeMutationUnsatisfiable(ofMutations) ? leaveToLibrary(supergraphSchema) : { errors, hints };
}

/** Whether an `@override` with a label that was decided on the way decides against it. */
function isExcluded(edge: Edge, { selectedOverrideConditions: selected }: ValidationState): boolean {
  const { overrideCondition } = edge;
  return (
    overrideCondition !== undefined &&
    selected.has(overrideCondition.label) &&
    !edge.satisfiesOverrideConditions(selected)
  );
}

/** A mutation must be satisfiable from one of the subgraphs that have it. */
function isSomeMutationUnsatisfiable(errors: MutationErrors): boolean {
  return [...errors.values()].some((bySubgraph) => [...bySubgraph.values()].every((found) => found.length > 0));
}

function leaveToLibrary(supergraphSchema: Schema): Satisfiability {
  const { errors = [], hints = [] } = validateSatisfiability({ supergraphSchema });
  return { errors, hints };
}
