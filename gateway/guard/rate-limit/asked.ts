import type { FragmentDefinitionNode, OperationDefinitionNode } from 'graphql';
import type { Identity } from '../../../service/identity.ts';
import { collectFields } from '../../execution/collect-fields.ts';
import type { Json } from '../../execution/own.ts';
import type { Supergraph } from '../../supergraph/supergraph.ts';

/** Who asks, as far as rules go by it. */
export interface Asking {
  /** Who asks, if that is known. */
  readonly identity: Pick<Identity, 'kind' | 'issuer' | 'subject'> | undefined;
  readonly address: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** A request for an operation, as far as rules go by it. */
export interface AskedOperation extends Asking {
  readonly supergraph: Supergraph;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly coercedVariables: Json;
  /** In cost points, as estimated. */
  readonly cost: number;
}

/** A request for an operation, or for what is behind a route: then only rules that count requests concern it. */
export type Asked = AskedOperation | (Asking & { readonly operation?: undefined });

/** The root fields that are asked for, as `Query.search`, and how often each will be answered. */
export function countRootFields(asked: AskedOperation): ReadonlyMap<string, number> {
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
