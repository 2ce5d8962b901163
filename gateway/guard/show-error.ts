import { subgraphFaults } from '../errors.ts';
import type { ResponseError } from '../execution/subgraph-error.ts';
import type { ErrorsShown, Exposure } from '../exposure-config.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';

/** What a client sees of an error beside data. */
export type ShowError = (error: ResponseError) => ResponseError;

/** What an operator should know of words for subgraphs that are not there: they are misspelled, or done with. */
export function checkShown({ subgraphs }: Exposure['errors'], known: Supergraph['subgraphs']): readonly string[] {
  return [...subgraphs.keys()]
    .filter((name) => !known.some((subgraph) => subgraph.name === name))
    .map((name) => `errors.subgraph has "${name}", which is no subgraph of this supergraph`);
}

/**
 * Codes that servers give to what their authors did not foresee, or to a query that the gateway should not have sent them: their messages
 * are for those who run the subgraph.
 */
const UNEXPECTED: ReadonlySet<unknown> = new Set([
  'SUBGRAPH_ERROR',
  'INTERNAL_SERVER_ERROR',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_REQUEST',
]);

/**
 * Makes the function that keeps from clients what is inside: messages of unexpected errors, which name tables, hosts and files. What is
 * kept from them is told to whoever logs faults of subgraphs. Errors of the gateway itself say nothing of that kind; where
 * codes alone are shown, they do not name the subgraph either.
 */
export function createShowError({ show, subgraphs }: Exposure['errors']): ShowError {
  const shownOf = (subgraph: unknown): ErrorsShown =>
    (typeof subgraph === 'string' ? subgraphs.get(subgraph) : undefined) ?? show;

  return (error) => {
    const { code, subgraph } = error.extensions;
    // Not of a subgraph: how a value does not fit the schema, which clients know.
    if (subgraph === undefined) return error;
    const shown = shownOf(subgraph);
    const isUnexpected = UNEXPECTED.has(code);
    if (shown === 'pass' || (shown === 'mask' && !isUnexpected)) return error;
    if (isUnexpected && subgraphFaults.hasSubscribers) {
      subgraphFaults.publish({
        subgraph: String(subgraph),
        code: String(code),
        message: 'a subgraph reported an error that clients are not shown',
        cause: new Error(error.message),
      });
    }
    return shown === 'mask'
      ? { ...error, message: `Subgraph "${subgraph}" failed to answer this.`, extensions: { code, subgraph } }
      : { ...error, message: 'This could not be answered.', extensions: { code } };
  };
}
