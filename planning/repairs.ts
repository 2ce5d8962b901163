import type { DocumentNode, GraphQLSchema } from 'graphql';
import { askEmptyInterfaces, findEmptyInterfaces } from './empty-interfaces.ts';
import type { QueryPlan } from './plan.ts';
import { separateRequiredArguments } from './required-arguments.ts';
import { putResolvableKeysFirst } from './resolvable-keys.ts';
import { createArgumentRestorer } from './restore-arguments.ts';

/** What is changed around the planner for one supergraph, so that its faults make no wrong answers. */
export interface Repairs {
  /** What to plan on; the very document that was given where nothing has to be repaired. */
  readonly supergraph: DocumentNode;
  /** For an operation that is plannable (see `toPlannable`), before it is planned. */
  repairOperation(document: DocumentNode, apiSchema: GraphQLSchema): DocumentNode;
  repairPlan(plan: QueryPlan): QueryPlan;
}

/** Finds what has to be repaired; `docs/decisions/0005` names each fault. */
export function findRepairs(supergraph: DocumentNode): Repairs {
  const separated = separateRequiredArguments(putResolvableKeysFirst(supergraph));
  const empty = findEmptyInterfaces(supergraph);
  return {
    supergraph: separated.supergraph,
    repairOperation: (document, apiSchema) => askEmptyInterfaces(document, apiSchema, empty),
    repairPlan: createArgumentRestorer(separated),
  };
}
