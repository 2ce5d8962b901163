import { GraphQLError, parse } from 'graphql';
import { RegistryError } from '../errors.ts';

/**
 * Looks at a schema before anything is done with it.
 *
 * @throws {RegistryError} SCHEMA_TOO_LARGE, SCHEMA_INVALID when it is not GraphQL
 */
export function checkSchema(subgraph: string, sdl: string, limitBytes: number): void {
  const size = Buffer.byteLength(sdl);
  if (size > limitBytes) {
    throw new RegistryError(
      'SCHEMA_TOO_LARGE',
      `The schema of "${subgraph}" has ${inMegabytes(size)}, and the registry takes ${inMegabytes(limitBytes)} at most (schemaLimitBytes). Is it the right file?`,
    );
  }
  const nul = sdl.indexOf('\0');
  if (nul !== -1) throw invalid(subgraph, `there is a NUL character (line ${sdl.slice(0, nul).split('\n').length}).`);
  try {
    parse(sdl, { noLocation: true });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw invalid(subgraph, 'it is nested too deeply.', error);
    const [place] = error.locations ?? [];
    const where = place === undefined ? '' : ` (line ${place.line}, column ${place.column})`;
    throw invalid(subgraph, `${error.message}${where}`, error);
  }
}

function invalid(subgraph: string, why: string, cause?: unknown): RegistryError {
  return new RegistryError('SCHEMA_INVALID', `The schema of "${subgraph}" is not GraphQL: ${why}`, { cause });
}

const inMegabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`;
