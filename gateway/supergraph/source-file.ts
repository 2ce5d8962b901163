import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Source } from './source.ts';
import { SupergraphError } from './supergraph.ts';

/** A supergraph that something else has composed: one file of SDL. */
export function createFileSource(file: string): Source {
  const path = resolve(file);
  return {
    description: path,
    load: async () => {
      try {
        return { sdl: await readFile(path, 'utf8'), files: [path], warnings: [] };
      } catch (error) {
        const reason =
          (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : `cannot be read: ${String(error)}`;
        throw new SupergraphError(
          `The supergraph file ${path} ${reason}. Name another: --supergraph FILE, or the option supergraph.file.`,
          {
            cause: error,
            files: [path],
          },
        );
      }
    },
  };
}
