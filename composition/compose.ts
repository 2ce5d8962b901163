import { compose as composeSubgraphs } from '@apollo/composition';
import { buildSubgraph, Subgraphs } from '@apollo/federation-internals';
import { type DocumentNode, GraphQLError, Lexer, parse, Source, TokenKind } from 'graphql';
import { type CompositionError, toCompositionErrors } from './composition-error.ts';
import { checkSatisfiability } from './satisfiability.ts';
import { isSubgraphName } from './subgraph-name.ts';

export type { CompositionError, SchemaLocation } from './composition-error.ts';

/** What one subgraph contributes. */
export interface SubgraphSchema {
  readonly name: string;
  /** Where its operations are sent: the `routing_url`. */
  readonly url: string;
  readonly sdl: string;
}

/** A supergraph, or every reason why there is none. */
export type Composition =
  | { readonly supergraphSdl: string; readonly hints: readonly CompositionHint[] }
  | { readonly errors: readonly CompositionError[] };

/** Something that composes, and may not be meant. */
export interface CompositionHint {
  /** `INCONSISTENT_DESCRIPTION`, … (Federation, "Composition hints") */
  readonly code: string;
  readonly level: 'WARN' | 'INFO' | 'DEBUG';
  readonly message: string;
}

const INVALID_NAME = 'INVALID_SUBGRAPH_NAME';

/**
 * Composes subgraphs into a supergraph. Federation 1 schemas are upgraded on the way.
 *
 * Composition goes by stages (each subgraph alone, merging, satisfiability), and a stage is reached when the one before it
 * has no errors. All errors of the stage reached are told, of every subgraph.
 *
 * @returns errors as values: no SDL makes this throw
 */
export function compose(schemas: readonly SubgraphSchema[]): Composition {
  const subgraphs = new Subgraphs();
  const errors = checkNames(schemas);
  for (const schema of schemas) {
    try {
      const subgraph = buildSubgraph(schema.name, schema.url, parseSdl(schema));
      if (subgraphs.get(schema.name) === undefined) subgraphs.add(subgraph);
    } catch (error) {
      errors.push(...toCompositionErrors(error, schema.name).filter(({ code }) => code !== INVALID_NAME));
    }
  }
  if (errors.length > 0) return { errors };

  try {
    const merged = composeSubgraphs(subgraphs, { runSatisfiability: false });
    if (merged.errors !== undefined) return toRefusal(merged.errors);
    const satisfiability = checkSatisfiability(merged.schema);
    if (satisfiability.errors.length > 0) return toRefusal(satisfiability.errors);
    const hints = [...merged.hints, ...satisfiability.hints].map(({ definition, message }) => ({
      code: definition.code,
      level: definition.level.name as CompositionHint['level'],
      message,
    }));
    return { supergraphSdl: merged.supergraphSdl, hints };
  } catch (error) {
    return { errors: toCompositionErrors(error) };
  }
}

function toRefusal(errors: readonly GraphQLError[]): Composition {
  return { errors: errors.flatMap((error) => toCompositionErrors(error)) };
}

function checkNames(schemas: readonly SubgraphSchema[]): CompositionError[] {
  const seen = new Set<string>();
  return schemas.flatMap(({ name }) => {
    const isRepeated = seen.has(name);
    seen.add(name);
    if (!isSubgraphName(name)) {
      return [
        nameError(`Invalid name "${name}" for a subgraph: a letter, then letters, digits, "_" or "-", 64 at most`),
      ];
    }
    return isRepeated ? [nameError(`Two subgraphs have the name "${name}"`)] : [];
  });
}

function nameError(message: string): CompositionError {
  return { code: INVALID_NAME, message, locations: [] };
}

/** @throws {GraphQLError} with the subgraph's name, as composition words its own errors */
function parseSdl({ name, sdl }: SubgraphSchema): DocumentNode {
  const source = new Source(sdl, name);
  try {
    if (new Lexer(source).advance().kind === TokenKind.EOF) {
      throw new GraphQLError('The schema is empty.', { source, positions: [0] });
    }
    return parse(source);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw new GraphQLError(`[${name}] ${error.message}`, { source, positions: error.positions, originalError: error });
  }
}
