import { hash } from 'node:crypto';
import {
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { createCoordinateGatherer } from './coordinates.ts';
import { createValueRemover } from './without-values.ts';

/** An operation as the registry is told of it: the same for all requests that differ in layout, comments and values alone. */
export interface DescribedOperation {
  /** SHA-256 of `body`, in hexadecimal. */
  readonly hash: string;
  readonly name: string | null;
  /** Itself and the fragments that it uses, by name, without values. */
  readonly body: string;
  /** What of the schema it uses. Grows by what variables bring. */
  readonly coordinates: Set<string>;
}

/** Describes an operation that is valid for the schema. */
export function describeOperation(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  schema: GraphQLSchema,
): DescribedOperation {
  const parts = [operation, ...usedFragments(operation, fragments)];
  const coordinates = new Set<string>();
  const typeInfo = new TypeInfo(schema);
  const gatherer = createCoordinateGatherer(typeInfo, schema, (coordinate) => coordinates.add(coordinate));
  const remover = createValueRemover(typeInfo, parts);
  for (const part of parts) visit(part, visitWithTypeInfo(typeInfo, gatherer));
  const body = parts.map((part) => print(visit(part, visitWithTypeInfo(typeInfo, remover)))).join('\n');
  return { hash: hash('sha256', body), name: operation.name?.value ?? null, body, coordinates };
}

function usedFragments(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): FragmentDefinitionNode[] {
  if (fragments.size === 0) return [];
  const used = new Map<string, FragmentDefinitionNode>();
  const gather = (node: OperationDefinitionNode | FragmentDefinitionNode) =>
    visit(node, {
      FragmentSpread: ({ name }) => {
        const fragment = fragments.get(name.value);
        if (fragment === undefined || used.has(name.value)) return;
        used.set(name.value, fragment);
        gather(fragment);
      },
    });
  gather(operation);
  return [...used.keys()].sort().flatMap((name) => used.get(name) ?? []);
}
