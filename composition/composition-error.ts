import { errorCauses } from '@apollo/federation-internals';
import { type ASTNode, type GraphQLError, getLocation } from 'graphql';

/** Something that does not compose. */
export interface CompositionError {
  /** `INVALID_GRAPHQL`, `KEY_INVALID_FIELDS`, … (Federation, "Error codes"); `COMPOSITION_FAULT` for a schema that crashes composition itself. */
  readonly code: string;
  readonly message: string;
  /** Empty where the error is about the whole, or composition does not say. */
  readonly locations: readonly SchemaLocation[];
}

/** A place in the SDL of a subgraph; line and column count from 1. */
export interface SchemaLocation {
  readonly subgraph: string;
  readonly line: number;
  readonly column: number;
}

/** What was thrown, as what does not compose: one thrown error often tells of several. */
export function toCompositionErrors(error: unknown, subgraph?: string): CompositionError[] {
  const causes = error instanceof Error ? errorCauses(error) : undefined;
  if (causes === undefined) return [toFault(error, subgraph)];
  return causes.map((cause) => ({
    code: typeof cause.extensions.code === 'string' ? cause.extensions.code : 'INVALID_GRAPHQL',
    message: cause.message,
    locations: locationsOf(cause),
  }));
}

/** Some schemas (`@link(url: 5)`, a key that selects inside a scalar) make composition fall over instead of reporting. */
function toFault(error: unknown, subgraph: string | undefined): CompositionError {
  const message = error instanceof Error ? error.message : String(error);
  const where = subgraph === undefined ? '' : `[${subgraph}] `;
  return { code: 'COMPOSITION_FAULT', message: `${where}Composition failed on this schema: ${message}`, locations: [] };
}

function locationsOf({ nodes, source, positions }: GraphQLError): SchemaLocation[] {
  const places =
    nodes === undefined
      ? (positions ?? []).flatMap((position) => (source === undefined ? [] : [{ source, position }]))
      : nodes.flatMap(({ loc }: ASTNode) => (loc === undefined ? [] : [{ source: loc.source, position: loc.start }]));
  const locations = places.map(({ source, position }) => ({ subgraph: source.name, ...getLocation(source, position) }));
  // One directive often stands for two of composition's nodes.
  return [...new Map(locations.map((location) => [JSON.stringify(location), location])).values()];
}
