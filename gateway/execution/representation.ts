import type { GraphQLSchema } from 'graphql';
import type { FetchDataRewrite, QueryPlanSelectionNode } from '../../planning/plan.ts';
import { toJsonText } from './json-text.ts';
import { isInherited, isObject, type Json, readOwn } from './own.ts';
import { rewritesBelow, rewritesOn } from './rewrites.ts';
import { matchesType } from './type-condition.ts';

/**
 * Writes the representation of an entity that a fetch requires, as JSON: `__typename`, a key, and the fields that `@requires`
 * asks for (Federation, "Entity representations"). `undefined` when the entity lacks something required, because the
 * fetch that would have brought it failed.
 *
 * As text, because equal representations are told by it and it is what is sent: nothing is copied or written twice.
 */
export type WriteRepresentation = (entity: Json) => string | undefined;

interface Field {
  readonly key: string;
  readonly isInherited: boolean;
  /** `"key":`, by the name that the subgraph knows. */
  readonly label: string;
  readonly write: (value: unknown) => string | undefined;
}

/** @param rewrites the planner's changes to the representation, such as a type's name as that subgraph knows it */
export function compileRepresentation(
  schema: GraphQLSchema,
  requires: readonly QueryPlanSelectionNode[],
  rewrites: readonly FetchDataRewrite[] = [],
): WriteRepresentation {
  return compileObject(schema, requires, rewrites, true);
}

/** What an object is asked for can depend on its type: each type that comes is compiled once. */
function compileObject(
  schema: GraphQLSchema,
  selections: readonly QueryPlanSelectionNode[],
  rewrites: readonly FetchDataRewrite[],
  isEntity: boolean,
): WriteRepresentation {
  const byType = new Map<unknown, WriteRepresentation>();
  return (object) => {
    const typename = readOwn(object, '__typename');
    let write = byType.get(typename);
    if (write === undefined) {
      // What the schema does not know is not kept: a subgraph could make up names without end.
      const known = typeof typename === 'string' && schema.getType(typename) !== undefined ? typename : undefined;
      const fields = fieldsOf(schema, known, selections, rewritesOn(schema, rewrites, known));
      const isComplete = !isEntity || fields.some(({ label }) => label === '"__typename":');
      write = isComplete ? (entity) => writeFields(fields, entity) : () => undefined;
      if (known === typename) byType.set(known, write);
    }
    return write(object);
  };
}

function writeFields(fields: readonly Field[], object: Json): string | undefined {
  let text = '{';
  for (const { key, isInherited, label, write } of fields) {
    const value = write(isInherited ? readOwn(object, key) : object[key]);
    if (value === undefined) return undefined;
    text += text === '{' ? label + value : `,${label}${value}`;
  }
  return `${text}}`;
}

function fieldsOf(
  schema: GraphQLSchema,
  typename: string | undefined,
  selections: readonly QueryPlanSelectionNode[],
  rewrites: readonly FetchDataRewrite[],
): Field[] {
  const selected = selectionsFor(schema, typename, selections, new Map());
  return [...selected].map(([key, below]) => {
    const own = rewrites.filter(({ path }) => path.length === 1 && path[0] === key);
    const setter = own.findLast((rewrite) => rewrite.kind === 'ValueSetter');
    const renamer = own.findLast((rewrite) => rewrite.kind === 'KeyRenamer');
    const write =
      setter === undefined ? compileValue(schema, below, rewritesBelow(rewrites, key)) : constant(setter.setValueTo);
    return {
      key,
      isInherited: isInherited(key),
      label: `${JSON.stringify(renamer?.renameKeyTo ?? key)}:`,
      write,
    };
  });
}

/** The selections that hold for a type, by key; those of one key together. */
function selectionsFor(
  schema: GraphQLSchema,
  typename: string | undefined,
  selections: readonly QueryPlanSelectionNode[],
  into: Map<string, readonly QueryPlanSelectionNode[]>,
): Map<string, readonly QueryPlanSelectionNode[]> {
  for (const selection of selections) {
    if (selection.kind === 'Field') {
      const key = selection.alias ?? selection.name;
      into.set(key, [...(into.get(key) ?? []), ...(selection.selections ?? [])]);
    } else {
      const { typeCondition } = selection;
      if (typeCondition === undefined || (typename !== undefined && matchesType(schema, typename, typeCondition)))
        selectionsFor(schema, typename, selection.selections, into);
    }
  }
  return into;
}

function constant(value: unknown): Field['write'] {
  const text = JSON.stringify(value);
  return () => text;
}

function compileValue(
  schema: GraphQLSchema,
  selections: readonly QueryPlanSelectionNode[],
  rewrites: readonly FetchDataRewrite[],
): Field['write'] {
  if (selections.length === 0) return (value) => (value === undefined ? undefined : toJsonText(value));
  const writeObject = compileObject(schema, selections, rewrites, false);
  return function write(value: unknown): string | undefined {
    if (value === undefined) return undefined;
    if (Array.isArray(value)) {
      const items = value.map(write);
      return items.includes(undefined) ? undefined : `[${items.join(',')}]`;
    }
    return isObject(value) ? writeObject(value) : toJsonText(value);
  };
}
