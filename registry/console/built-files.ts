import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** A file of the console as it is sent. */
export interface BuiltFile {
  readonly type: string;
  readonly contents: Buffer;
  /** The same, packed, by the name that `content-encoding` has for it. */
  readonly packed: Readonly<Record<'br' | 'gzip', Buffer>>;
}

/** What `scripts/build-console.ts` has written. */
export interface BuiltFiles {
  /** What the page names. */
  readonly names: z.infer<typeof names>;
  readonly files: ReadonlyMap<string, BuiltFile>;
}

const BUILT = fileURLToPath(new URL('./built/', import.meta.url));

const names = z.object({ script: z.string(), theme: z.string(), style: z.string() });

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

/** Reads all of them into memory: some hundred kilobytes. @returns `undefined` when they were not built */
export function readBuiltFiles(): BuiltFiles | undefined {
  if (!existsSync(`${BUILT}files.json`)) return undefined;
  const files = readdirSync(BUILT)
    .filter((name) => /\.(?:js|css)$/.test(name))
    .map((name): [string, BuiltFile] => [
      name,
      {
        type: TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
        contents: readFileSync(`${BUILT}${name}`),
        packed: { br: readFileSync(`${BUILT}${name}.br`), gzip: readFileSync(`${BUILT}${name}.gz`) },
      },
    ]);
  return { names: names.parse(JSON.parse(readFileSync(`${BUILT}files.json`, 'utf8'))), files: new Map(files) };
}
