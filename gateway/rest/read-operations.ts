import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStoredOperation, type StoredOperation, StoredOperationError } from './stored-operation.ts';

/**
 * Reads the `.graphql` files of a folder and of those in it, each with one operation.
 *
 * @throws {StoredOperationError} with all that is wrong in all of them
 */
export function readStoredOperations(folder: string): readonly StoredOperation[] {
  const problems: string[] = [];
  const found: StoredOperation[] = [];
  for (const file of filesOf(folder)) {
    try {
      found.push(readStoredOperation(readFileSync(join(folder, file), 'utf8'), join(folder, file)));
    } catch (error) {
      if (!(error instanceof StoredOperationError)) throw error;
      problems.push(error.message);
    }
  }
  problems.push(...conflictsOf(found));
  if (problems.length > 0) throw new StoredOperationError(problems.join('\n'));
  return found;
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.graphql'))
      .sort();
  } catch (error) {
    throw new StoredOperationError(
      `rest.operations: the folder ${folder} cannot be read: ${(error as NodeJS.ErrnoException).code}`,
      { cause: error },
    );
  }
}

function conflictsOf(operations: readonly StoredOperation[]): string[] {
  const seen = new Map<string, string>();
  return operations.flatMap(({ name, method, path }) => {
    // Names of variables do not tell paths apart.
    const route = `${method} ${path.replace(/\{\w+\}/g, '{}')}`;
    const other = seen.get(route);
    seen.set(route, other ?? name);
    return other === undefined ? [] : [`${name} and ${other} are both at ${method} ${path}`];
  });
}
