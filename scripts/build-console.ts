import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/**
 * Builds the pages of the registry's console into `registry/console/built/`: each file under a name that has its hash, beside it the
 * same compressed, and a list of them. Runs before `npm start`, `npm run registry` and the tests, and takes a fifth of a second.
 */

const SOURCES = fileURLToPath(new URL('../registry/console/browser/', import.meta.url));
const BUILT = fileURLToPath(new URL('../registry/console/built/', import.meta.url));

/** What the page names, by the names that it uses for them. */
const ENTRIES = { script: 'app.tsx', theme: 'theme.ts', style: 'style/console.css' };

/** All that know `light-dark()` and `<dialog>`. */
const BROWSERS = ['chrome123', 'firefox120', 'safari17.5'];

export async function buildConsole(): Promise<void> {
  const { metafile, outputFiles } = await build({
    entryPoints: Object.values(ENTRIES).map((file) => join(SOURCES, file)),
    outdir: BUILT,
    entryNames: '[name]-[hash]',
    ...{ bundle: true, minify: true, format: 'esm', target: BROWSERS, legalComments: 'none' },
    ...{ metafile: true, write: false, logLevel: 'silent', absWorkingDir: SOURCES },
  });
  const nameOf = (entry: string) =>
    Object.entries(metafile.outputs).flatMap(([path, output]) =>
      output.entryPoint === entry ? [basename(path)] : [],
    )[0];
  const names = Object.entries(ENTRIES).map(([use, entry]) => [use, nameOf(entry)]);
  write(
    new Map<string, string | Uint8Array>([
      ...outputFiles.flatMap(({ path, contents }) => compressed(basename(path), contents)),
      ['files.json', JSON.stringify(Object.fromEntries(names))],
    ]),
  );
}

function compressed(name: string, contents: Uint8Array): [string, Uint8Array][] {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  return [
    [name, contents],
    [`${name}.br`, brotliCompressSync(contents, { params })],
    [`${name}.gz`, gzipSync(contents, { level: 9 })],
  ];
}

/** What is there already is left alone: a registry may be reading it. */
function write(files: ReadonlyMap<string, string | Uint8Array>): void {
  mkdirSync(BUILT, { recursive: true });
  const there = new Set(readdirSync(BUILT));
  for (const [name, contents] of files) {
    const path = join(BUILT, name);
    if (!there.has(name) || !readFileSync(path).equals(Buffer.from(contents))) writeFileSync(path, contents);
  }
  for (const name of there) if (!files.has(name)) rmSync(join(BUILT, name));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildConsole();
