import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  isAbstractType,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Json } from './own.ts';

export interface CollectContext {
  readonly apiSchema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly coercedVariables: Json;
}

/** The fields to answer for an object, by response key in the client's order (specification, 6.3.2 "CollectFields"). */
export function collectFields(
  context: CollectContext,
  type: GraphQLObjectType | GraphQLInterfaceType,
  selectionSets: readonly SelectionSetNode[],
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const visited = new Set<string>();
  for (const { selections } of selectionSets) collectInto(context, type, selections, fields, visited);
  return fields;
}

function collectInto(
  context: CollectContext,
  type: GraphQLObjectType | GraphQLInterfaceType,
  selections: readonly SelectionNode[],
  fields: Map<string, FieldNode[]>,
  visited: Set<string>,
): void {
  for (const selection of selections) {
    if (!isIncluded(context, selection)) continue;
    if (selection.kind === 'Field') {
      const key = selection.alias?.value ?? selection.name.value;
      const same = fields.get(key);
      if (same === undefined) fields.set(key, [selection]);
      else same.push(selection);
    } else if (selection.kind === 'InlineFragment') {
      if (applies(context, type, selection.typeCondition?.name.value)) {
        collectInto(context, type, selection.selectionSet.selections, fields, visited);
      }
    } else {
      const fragment = context.fragments.get(selection.name.value);
      if (fragment === undefined || visited.has(selection.name.value)) continue;
      visited.add(selection.name.value);
      if (applies(context, type, fragment.typeCondition.name.value)) {
        collectInto(context, type, fragment.selectionSet.selections, fields, visited);
      }
    }
  }
}

/** Whether `@skip` and `@include` leave it in (specification, 3.13.1). */
export function isIncluded(
  { coercedVariables }: Pick<CollectContext, 'coercedVariables'>,
  node: SelectionNode,
): boolean {
  if (node.directives === undefined || node.directives.length === 0) return true;
  if (getDirectiveValues(GraphQLSkipDirective, node, coercedVariables)?.if === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, coercedVariables)?.if !== false;
}

function applies(
  { apiSchema }: CollectContext,
  type: GraphQLObjectType | GraphQLInterfaceType,
  condition: string | undefined,
): boolean {
  if (condition === undefined || condition === type.name) return true;
  const conditionType = apiSchema.getType(condition);
  return isAbstractType(conditionType) && apiSchema.isSubType(conditionType, type);
}
