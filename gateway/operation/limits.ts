import { type DocumentNode, GraphQLError, type SelectionNode, type SelectionSetNode } from 'graphql';
import { GatewayError } from '../errors.ts';

/** Bounds that an ordinary query never meets. Counted before validation, which is itself slow on a hostile text. */
export interface OperationLimits {
  /** Lexical tokens in the text. */
  readonly maxTokens: number;
  /** Nesting of fields, fragments followed. */
  readonly maxDepth: number;
}

/**
 * Checks the depth of every operation and fragment of a document. (The number of tokens is checked by the parser.) Each
 * fragment is measured once, so that fragments which spread one another cost no more than their text; a cycle, which
 * validation will name, counts as depth here.
 *
 * @throws {GatewayError} `OPERATION_LIMIT_EXCEEDED` with the limit's name, the value and the bound
 */
export function checkDepth(document: DocumentNode, { maxDepth }: OperationLimits): void {
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === 'FragmentDefinition' ? [[node.name.value, node.selectionSet] as const] : [],
    ),
  );
  const measured = new Map<string, number>();

  function depthOf({ selections }: SelectionSetNode): number {
    return Math.max(0, ...selections.map(depthOfSelection));
  }

  function depthOfSelection(selection: SelectionNode): number {
    if (selection.kind === 'FragmentSpread') return depthOfFragment(selection.name.value);
    const below = selection.selectionSet === undefined ? 0 : depthOf(selection.selectionSet);
    return selection.kind === 'Field' ? 1 + below : below;
  }

  function depthOfFragment(name: string): number {
    const known = measured.get(name);
    if (known !== undefined) return known;
    measured.set(name, 0);
    const selectionSet = fragments.get(name);
    const depth = selectionSet === undefined ? 0 : depthOf(selectionSet);
    measured.set(name, depth);
    return depth;
  }

  for (const definition of document.definitions) {
    if (definition.kind !== 'OperationDefinition') continue;
    const depth = depthOf(definition.selectionSet);
    if (depth > maxDepth) throw limitError('maxDepth', depth, maxDepth);
  }
}

/** The parser's own error for too many tokens, in the words of the table. */
export function isTokenLimitError(error: unknown): boolean {
  return error instanceof GraphQLError && /Document contains more tha[nt] \d+ tokens/.test(error.message);
}

export function limitError(limit: keyof OperationLimits, value: number | undefined, bound: number): GatewayError {
  const found = value === undefined ? `more than ${bound}` : `${value}`;
  return new GatewayError(
    'OPERATION_LIMIT_EXCEEDED',
    `The operation exceeds the limit ${limit}: ${found}, allowed are ${bound}.`,
    {
      extensions: { limit, bound, ...(value === undefined ? {} : { value }) },
    },
  );
}
