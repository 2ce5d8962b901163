import type { GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import { type DocumentNode, parse, print } from 'graphql';
import type { Prepare, Prepared } from '../operation/prepare.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';

/** Takes over a document that Apollo Server has parsed. @throws as `Prepare` does, also as a rejection */
export type PrepareDocument = (
  supergraph: Supergraph,
  context: Pick<GatewayGraphQLRequestContext, 'document' | 'source'>,
  client: string,
) => Prepared | Promise<Prepared>;

/**
 * Makes the function that finds what is known of a document: by the document itself, which Apollo Server's store gives again and
 * again, and otherwise by its text. It is validated once more, in a thread: Apollo Server may have done it before a reload, or
 * not at all, and the planner takes only what is valid.
 */
export function createPrepareDocument(prepare: Prepare): PrepareDocument {
  const memos = new WeakMap<Supergraph, WeakMap<DocumentNode, Prepared>>();

  function memoOf(supergraph: Supergraph): WeakMap<DocumentNode, Prepared> {
    let memo = memos.get(supergraph);
    if (memo === undefined) {
      memo = new WeakMap();
      memos.set(supergraph, memo);
    }
    return memo;
  }

  return (supergraph, { document, source }, client) => {
    const memo = memoOf(supergraph);
    const known = memo.get(document);
    if (known !== undefined) return known;
    const preparing = prepare({ supergraph, text: textOf(document, source), client });
    if (!(preparing instanceof Promise)) return keep(preparing);
    return preparing.then(keep);

    function keep(prepared: Prepared): Prepared {
      memo.set(document, prepared);
      return prepared;
    }
  };
}

/**
 * The client's own text, so that the places of errors are places in it; where a plugin has changed the document, it counts and
 * not the text.
 */
function textOf(document: DocumentNode, source: string): string {
  const printed = print(document);
  return print(parse(source)) === printed ? source : printed;
}
