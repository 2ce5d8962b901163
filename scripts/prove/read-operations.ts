import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'graphql';

/** A query of the kit. */
export interface Operation {
  /** Of its file, without the ending. */
  readonly name: string;
  readonly query: string;
  readonly variables: unknown;
}

/** Something that whoever called the kit has to put right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Reads each `NAME.graphql` of a folder, with `NAME.variables.json` if there is one.
 *
 * @throws {UsageError} for a folder without any, and for a file that is not one query
 */
export function readOperations(folder: string): readonly Operation[] {
  if (!existsSync(folder)) throw new UsageError(`--operations: ${folder} does not exist.`);
  if (!statSync(folder).isDirectory()) throw new UsageError(`--operations: ${folder} is no folder.`);
  const files = readdirSync(folder).filter((file) => file.endsWith('.graphql'));
  if (files.length === 0) throw new UsageError(`--operations: there is no *.graphql file in ${folder}.`);
  return files.sort().map((file) => {
    const name = file.slice(0, -'.graphql'.length);
    const query = readFileSync(join(folder, file), 'utf8');
    const kinds = kindsOf(query, file);
    if (kinds.length !== 1 || kinds[0] !== 'query')
      throw new UsageError(
        `${file} must have one query; it has: ${kinds.join(', ') || 'none'}. What it asks is asked hundreds of times.`,
      );
    return { name, query, variables: readVariables(join(folder, `${name}.variables.json`)) };
  });
}

function kindsOf(query: string, file: string): readonly string[] {
  try {
    return parse(query).definitions.flatMap((one) => (one.kind === 'OperationDefinition' ? one.operation : []));
  } catch (error) {
    throw new UsageError(`${file} is no GraphQL: ${(error as Error).message}`, { cause: error });
  }
}

function readVariables(path: string): unknown {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`${path} is no JSON: ${(error as Error).message}`, { cause: error });
  }
}
