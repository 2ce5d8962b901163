import type { FragmentDefinitionNode, OperationDefinitionNode } from 'graphql';
import type { Identity } from '../../../service/identity.ts';
import { collectFields } from '../../execution/collect-fields.ts';
import type { Json } from '../../execution/own.ts';
import type { Supergraph } from '../../supergraph/supergraph.ts';

/** A request, as far as rules go by it. */
export interface Asked {
  /** Who asks, if that is known. */
  readonly identity: Pick<Identity, 'kind' | 'issuer' | 'subject'> | undefined;
  readonly address: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly supergraph: Supergraph;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly coercedVariables: Json;
  /** In cost points, as estimated. */
  readonly cost: number;
}

/** The root fields that are asked for, as `Query.search`, and how often each will be answered. */
export function countRootFields(asked: Asked): ReadonlyMap<string, number> {
  const { apiSchema } = asked.supergraph;
  const { fragments, coercedVariables, operation } = asked;
  const counts = new Map<string, number>();
  const root = apiSchema.getRootType(operation.operation);
  if (root === undefined || root === null) return counts;
  for (const [field] of collectFields({ apiSchema, fragments, coercedVariables }, root, [
    operation.selectionSet,
  ]).values()) {
    const coordinate = `${root.name}.${field?.name.value}`;
    counts.set(coordinate, (counts.get(coordinate) ?? 0) + 1);
  }
  return counts;
}
