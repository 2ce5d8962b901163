import type { GraphQLSchema } from 'graphql';
import type { FetchDataRewrite, QueryPlanSelectionNode } from '../../planning/plan.ts';
import { toJsonText } from './json-text.ts';
import { isInherited, isObject, type Json, readOwn } from './own.ts';
import { rewritesBelow, rewritesOn } from './rewrites.ts';
import { matchesType } from './type-condition.ts';

/**
 * The representation of an entity that a fetch requires: `__typename`, a key, and the fields that `@requires` asks for
 * (Federation, "Entity representations").
 */
export interface Representation {
  /** As JSON, straight from the entity. `undefined` when it lacks something required, because the fetch that would have brought it failed. */
  write(entity: Json): string | undefined;
  /** The keys whose values decide it, for an entity of this type: as long as they are scalars, equal values mean equal texts. */
  keysFor(entity: Json): readonly string[];
}

type WriteObject = (object: Json) => string | undefined;

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
): Representation {
  const fieldsFor = byType(schema, (typename) => {
    const fields = fieldsOf(schema, typename, requires, rewritesOn(schema, rewrites, typename));
    const isComplete = fields.some(({ label }) => label === '"__typename":');
    const keys = fields.flatMap(({ key }) => (key === '__typename' ? [] : [key]));
    return { fields, isComplete, keys };
  });
  return {
    write: (entity) => {
      const { fields, isComplete } = fieldsFor(entity);
      return isComplete ? writeFields(fields, entity) : undefined;
    },
    keysFor: (entity) => fieldsFor(entity).keys,
  };
}

/** What depends on an object's type, made once for each type that comes. */
function byType<T>(schema: GraphQLSchema, make: (typename: string | undefined) => T): (object: Json) => T {
  const made = new Map<unknown, T>();
  return (object) => {
    const { __typename: typename } = object;
    let known = made.get(typename);
    if (known === undefined) {
      // What the schema does not know is not kept: a subgraph could make up names without end.
      const name = typeof typename === 'string' && schema.getType(typename) !== undefined ? typename : undefined;
      known = make(name);
      if (name === typename) made.set(typename, known);
    }
    return known;
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
  const fieldsFor = byType(schema, (typename) =>
    fieldsOf(schema, typename, selections, rewritesOn(schema, rewrites, typename)),
  );
  const writeObject: WriteObject = (object) => writeFields(fieldsFor(object), object);
  return function write(value: unknown): string | undefined {
    if (value === undefined) return undefined;
    if (Array.isArray(value)) {
      const items = value.map(write);
      return items.includes(undefined) ? undefined : `[${items.join(',')}]`;
    }
    return isObject(value) ? writeObject(value) : toJsonText(value);
  };
}
