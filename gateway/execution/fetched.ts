import { type DocumentNode, type FieldNode, Kind, parse, type SelectionSetNode } from 'graphql';
import type { FetchNode } from '../../planning/plan.ts';
import { rewritePath } from './rewrites.ts';

/** What a fetch brings to the objects it is for. */
export interface Fetched {
  /** The keys, besides `__typename`. */
  readonly keys: readonly string[];
  /** Whether all of them hold scalars and enums: nothing that a later fetch could add to. */
  readonly isFlat: boolean;
}

/** Reads from the text of a fetch what it brings. */
export function readFetched({ operation, requires, outputRewrites }: FetchNode): Fetched {
  const document = parse(operation, { noLocation: true });
  const definition = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return { keys: [], isFlat: false };
  const [root] = definition.selectionSet.selections;
  const below = requires !== undefined && root?.kind === Kind.FIELD ? root.selectionSet : definition.selectionSet;
  const fields = below === undefined ? [] : fieldsIn(below, document);
  const keys = fields.flatMap(({ alias, name }) => rewritePath(outputRewrites, [(alias ?? name).value]).map(String));
  return {
    keys: [...new Set(keys)].filter((key) => key !== '__typename'),
    isFlat: fields.every(({ selectionSet }) => selectionSet === undefined),
  };
}

function fieldsIn({ selections }: SelectionSetNode, document: DocumentNode): FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsIn(selection.selectionSet, document);
    return document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value
        ? fieldsIn(definition.selectionSet, document)
        : [],
    );
  });
}
