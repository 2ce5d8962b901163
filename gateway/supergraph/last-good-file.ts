import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readIfThere, writeWholeFile } from './whole-file.ts';

/** A supergraph that was served, in a file: what a gateway starts with when its registry is away. */
export interface LastGoodFile {
  readonly path: string;
  /** @returns `undefined` when there is none, or one of another graph. @throws when it is there and cannot be read */
  read(): Promise<KeptSupergraph | undefined>;
  /** Puts it there whole: whoever reads meanwhile, or after the process was ended half-way, finds it or the one before. */
  write(supergraph: Omit<KeptSupergraph, 'keptAt'>): Promise<void>;
}

export interface KeptSupergraph {
  readonly sdl: string;
  /** As the registry calls it. */
  readonly version: string;
  readonly keptAt: Date;
}

/** The first line, a comment to GraphQL, so that the file is a supergraph to everybody: whose it is, and which version. */
const FIRST_LINE = /^# (?<graphRef>\S+) (?<version>\S+)\n/;

/** @param graphRef the file of another graph is not read */
export function createLastGoodFile(file: string, graphRef: string): LastGoodFile {
  const path = resolve(file);
  return {
    path,
    read: async () => {
      const text = await readIfThere(path);
      const first = text === undefined ? undefined : FIRST_LINE.exec(text);
      if (text === undefined || first?.groups?.graphRef !== encodeURI(graphRef)) return undefined;
      const { mtime: keptAt } = await stat(path);
      return { sdl: text.slice(first[0].length), version: decodeURIComponent(first.groups.version ?? ''), keptAt };
    },
    write: ({ sdl, version }) =>
      writeWholeFile(path, `# ${encodeURI(graphRef)} ${encodeURIComponent(version)}\n${sdl}`),
  };
}
