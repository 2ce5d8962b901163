import { stat } from 'node:fs/promises';
import { parse, resolve } from 'node:path';
import { readIfThere, writeWholeFile } from '../supergraph/whole-file.ts';
import { type ManifestOperation, readManifest } from './manifest.ts';

/** The manifest that a registry gave last, in a file: what a gateway starts with when its registry is away. */
export interface LastGoodManifest {
  readonly path: string;
  /** @returns `undefined` when there is none, or one of another graph. @throws when it is there and cannot be read */
  read(): Promise<(OfferedManifest & { readonly keptAt: Date }) | undefined>;
  write(manifest: OfferedManifest): Promise<void>;
}

/** A manifest under the name that the registry has for it. */
export interface OfferedManifest {
  readonly id: string;
  readonly operations: readonly ManifestOperation[];
}

/**
 * The file is a manifest to everybody; whose it is, and which, stands in it besides.
 *
 * @param supergraphFile what it is kept next to: `supergraph.persisted-queries.json` for `supergraph.graphql`
 * @param graphRef the file of another graph is not read
 */
export function createLastGoodManifest(supergraphFile: string, graphRef: string): LastGoodManifest {
  const { dir, name } = parse(resolve(supergraphFile));
  const path = resolve(dir, `${name}.persisted-queries.json`);
  return {
    path,
    read: async () => {
      const text = await readIfThere(path);
      if (text === undefined) return undefined;
      const operations = readManifest(text, path);
      const kept = JSON.parse(text) as { readonly graphRef?: unknown; readonly id?: unknown };
      if (kept.graphRef !== graphRef || typeof kept.id !== 'string') return undefined;
      return { id: kept.id, operations, keptAt: (await stat(path)).mtime };
    },
    write: ({ id, operations }) => {
      const format = 'apollo-persisted-query-manifest';
      return writeWholeFile(path, `${JSON.stringify({ format, version: 1, graphRef, id, operations })}\n`);
    },
  };
}
