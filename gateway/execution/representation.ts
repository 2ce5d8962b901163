import type { GraphQLSchema } from 'graphql';
import type { QueryPlanSelectionNode } from '../../planning/plan.ts';
import { merge } from './merge.ts';
import { isObject, type Json, readOwn, writeOwn } from './own.ts';
import { matchesType } from './type-condition.ts';

/**
 * The representation of an entity that a fetch requires: `__typename`, a key, and the fields that `@requires` asks for
 * (Federation, "Entity representations").
 *
 * @returns `undefined` when the entity lacks something required, because the fetch that would have brought it failed
 */
export function buildRepresentation(
  schema: GraphQLSchema,
  entity: Json,
  requires: readonly QueryPlanSelectionNode[],
): Json | undefined {
  const representation = select(schema, entity, requires);
  return representation !== undefined && Object.hasOwn(representation, '__typename') ? representation : undefined;
}

function select(schema: GraphQLSchema, source: Json, selections: readonly QueryPlanSelectionNode[]): Json | undefined {
  const result: Json = {};
  for (const selection of selections) {
    if (selection.kind === 'Field') {
      const key = selection.alias ?? selection.name;
      const value = selectValue(schema, readOwn(source, key), selection.selections);
      if (value === undefined) return undefined;
      writeOwn(result, key, value);
    } else if (matchesFragment(schema, source, selection.typeCondition)) {
      const part = select(schema, source, selection.selections);
      if (part === undefined) return undefined;
      merge(result, part);
    }
  }
  return result;
}

function selectValue(
  schema: GraphQLSchema,
  value: unknown,
  selections: readonly QueryPlanSelectionNode[] | undefined,
): unknown {
  if (selections === undefined || value === null || value === undefined) return value;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => selectValue(schema, item, selections));
    return items.includes(undefined) ? undefined : items;
  }
  return isObject(value) ? select(schema, value, selections) : value;
}

function matchesFragment(schema: GraphQLSchema, source: Json, typeCondition: string | undefined): boolean {
  if (typeCondition === undefined) return true;
  const typename = readOwn(source, '__typename');
  return typeof typename === 'string' && matchesType(schema, typename, typeCondition);
}
