import { type DocumentNode, type FieldNode, Kind, print, visit } from 'graphql';
import type { RequiredNames } from './required-names.ts';

/** An operation in which nothing of the client's meets what the planner adds. */
export interface Plannable {
  readonly document: DocumentNode;
  /** The key under which a field of the client's document stands in the data that a plan fetches. */
  keyOf(field: FieldNode): string;
  /** The client's variables by the names that they have in `document`. */
  rename(variables: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

/**
 * Readies a document for the planner, which adds fields for keys and `@requires` under their plain names, and variables of
 * its own, without looking whether the client uses these names for something else. Left alone, that is silently wrong data:
 * `{ product { id: name rating } }` gives the id as `id`, and `weight: price` beside a field that requires the weight
 * makes a subgraph compute with the price. So fields with such keys get keys of their own here, and the answer reads
 * them from there. A required leaf that the client has under another key goes back under its plain name: asked for twice, the
 * planner has been seen to fetch it beside the fetch that requires it. Most documents are returned as they are.
 *
 * @param cut fields of the document that are not to be fetched. What loses all its selections asks for `__typename`, so that it
 *   is still known whether it is there.
 */
export function toPlannable(
  document: DocumentNode,
  required: RequiredNames,
  cut: { has(field: FieldNode): boolean; readonly size: number } = NOTHING,
): Plannable {
  const used = collectNames(document);
  const keys = new Map<FieldNode, string>();
  const keysByMeaning = new Map<string, string>();
  const variables = new Map([...used.variables].filter(isTaken).map((name) => [name, unused(name, used.variables)]));

  function keyFor(field: FieldNode): string {
    const key = (field.alias ?? field.name).value;
    if (isPlainLeaf(field) && required.plain.has(field.name.value)) return field.name.value;
    const isAmbiguous = required.joinsTypes && (used.meanings.get(key)?.size ?? 0) > 1;
    if (!isAmbiguous && !collides(field, key, required)) return key;
    const meaning = `${key}: ${meaningOf(field)}`;
    const known = keysByMeaning.get(meaning);
    if (known !== undefined) return known;
    const chosen = unused(key, used.keys);
    used.keys.add(chosen);
    keysByMeaning.set(meaning, chosen);
    return chosen;
  }

  visit(document, {
    Field(field) {
      const key = keyFor(field);
      if (key !== (field.alias ?? field.name).value) keys.set(field, key);
    },
  });

  return {
    document: keys.size + variables.size + cut.size === 0 ? document : rewrite(document, keys, variables, cut),
    keyOf: (field) => keys.get(field) ?? (field.alias ?? field.name).value,
    rename: (values) => {
      if (variables.size === 0) return values;
      return Object.fromEntries(Object.entries(values).map(([name, value]) => [variables.get(name) ?? name, value]));
    },
  };
}

const NOTHING: ReadonlySet<FieldNode> = new Set();

/** Two objects under two keys must stay two: what is asked below them can differ. */
function isPlainLeaf({ arguments: given = [], selectionSet }: FieldNode): boolean {
  return given.length === 0 && selectionSet === undefined;
}

function collides(
  { alias, name, arguments: given = [] }: FieldNode,
  key: string,
  { all, withArguments }: RequiredNames,
): boolean {
  if (withArguments.has(key)) return true;
  return all.has(key) && ((alias !== undefined && alias.value !== name.value) || given.length > 0);
}

/** The planner's own variables: the representations of a fetch, and one for each `@fromContext`. */
function isTaken(name: string): boolean {
  return name === 'representations' || name.startsWith('contextualArgument_');
}

/** What a key stands for, whatever is below it. */
function meaningOf({ name, arguments: given = [] }: FieldNode): string {
  return print({ kind: Kind.FIELD, name, arguments: given });
}

interface UsedNames {
  readonly keys: Set<string>;
  readonly meanings: ReadonlyMap<string, ReadonlySet<string>>;
  readonly variables: ReadonlySet<string>;
}

function collectNames(document: DocumentNode): UsedNames {
  const keys = new Set<string>();
  const meanings = new Map<string, Set<string>>();
  const variables = new Set<string>();
  visit(document, {
    Field: (field) => {
      const key = (field.alias ?? field.name).value;
      keys.add(key);
      meanings.set(key, (meanings.get(key) ?? new Set()).add(meaningOf(field)));
    },
    Variable: ({ name }) => void variables.add(name.value),
  });
  return { keys, meanings, variables };
}

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

function unused(name: string, used: ReadonlySet<string>): string {
  for (let number = 0; ; number++) if (!used.has(`_${number}_${name}`)) return `_${number}_${name}`;
}

function rewrite(
  document: DocumentNode,
  keys: ReadonlyMap<FieldNode, string>,
  variables: ReadonlyMap<string, string>,
  cut: { has(field: FieldNode): boolean },
): DocumentNode {
  return visit(document, {
    Field: (field) => {
      if (cut.has(field)) return null;
      const key = keys.get(field);
      return key === undefined ? undefined : { ...field, alias: { kind: Kind.NAME, value: key } };
    },
    SelectionSet: {
      leave: (selectionSet) =>
        selectionSet.selections.length === 0 ? { ...selectionSet, selections: [TYPENAME] } : undefined,
    },
    Variable: (variable) => {
      const name = variables.get(variable.name.value);
      return name === undefined ? undefined : { ...variable, name: { kind: Kind.NAME, value: name } };
    },
  });
}
