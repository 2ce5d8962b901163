import { RegistryError } from '../errors.ts';
import type { Publishing } from './publishing.ts';

/**
 * Looks at a schema before anything is done with it. It is parsed in a thread: four megabytes take seconds.
 *
 * @throws {RegistryError} SCHEMA_TOO_LARGE, SCHEMA_INVALID when it is not GraphQL, BUSY
 */
export async function checkSchema(
  { findSyntaxError, schemaLimitBytes }: Pick<Publishing, 'findSyntaxError' | 'schemaLimitBytes'>,
  subgraph: string,
  sdl: string,
): Promise<void> {
  const size = Buffer.byteLength(sdl);
  if (size > schemaLimitBytes) {
    throw schemaTooLarge(`The schema of "${subgraph}" has ${inMegabytes(size)}`, schemaLimitBytes);
  }
  const nul = sdl.indexOf('\0');
  if (nul !== -1) throw invalid(subgraph, `there is a NUL character (line ${sdl.slice(0, nul).split('\n').length}).`);
  const problem = await findSyntaxError(sdl);
  if (problem === undefined) return;
  const { message, line, column } = problem;
  throw invalid(subgraph, line === undefined ? message : `${message} (line ${line}, column ${column})`);
}

/** @param what up to how large it is */
export function schemaTooLarge(what: string, schemaLimitBytes: number): RegistryError {
  return new RegistryError(
    'SCHEMA_TOO_LARGE',
    `${what}, and the registry takes ${inMegabytes(schemaLimitBytes)} at most (schemaLimitBytes). Is it the right file?`,
  );
}

function invalid(subgraph: string, why: string): RegistryError {
  return new RegistryError('SCHEMA_INVALID', `The schema of "${subgraph}" is not GraphQL: ${why}`);
}

/** Bytes as people read them. */
export const inMegabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`;
