import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createManifest, type Manifest, ManifestError, readManifest } from './manifest.ts';

/** Where the files of known operations are; a registry is asked by `follow-uplink-manifest.ts`. */
export interface ManifestSource {
  /** For the log: its path, … */
  readonly description: string;
  /** @throws {ManifestError} for an operator, with the files to watch for a repair */
  load(): Promise<LoadedManifest>;
}

export interface LoadedManifest {
  readonly manifest: Manifest;
  /** Files whose change asks for loading again, as absolute paths. */
  readonly files: readonly string[];
}

/** A manifest in a file, or several (`*.json`) in a directory, which count as one. */
export function createManifestFileSource(path: string): ManifestSource {
  const root = resolve(path);
  return {
    description: root,
    load: async () => {
      // The directory itself as well: what is added to it or removed from it is a change.
      let files: readonly string[] = [root];
      try {
        const manifests = await listManifests(root);
        files = [...new Set([root, ...manifests])];
        const operations = await Promise.all(
          manifests.map(async (file) => readManifest(await readFile(file, 'utf8'), file)),
        );
        return { manifest: createManifest(operations.flat()), files };
      } catch (error) {
        const message = error instanceof ManifestError ? error.message : explain(root, error);
        throw new ManifestError(message, { cause: error, files });
      }
    },
  };
}

async function listManifests(root: string): Promise<readonly string[]> {
  if (!(await stat(root)).isDirectory()) return [root];
  const names = (await readdir(root)).filter((name) => name.endsWith('.json')).sort();
  if (names.length === 0) throw new ManifestError(`The directory ${root} has no manifest (*.json) in it.`);
  return names.map((name) => join(root, name));
}

function explain(root: string, error: unknown): string {
  const { code, path = root } = error as NodeJS.ErrnoException;
  const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read: ${String(error)}`;
  return `The manifest ${path} ${reason}. Name another with persisted.safelist.manifest.`;
}
