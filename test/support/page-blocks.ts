import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type RoverResult, runToEnd } from '../../rover.ts';

/** The blocks of a language in a page of docs/, in their order. */
export function readBlocks(page: string, language: string): readonly string[] {
  const text = readFileSync(fileURLToPath(new URL(`../../docs/${page}`, import.meta.url)), 'utf8');
  const blocks = text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'));
  return [...blocks].map(([, block = '']) => block);
}

/** What shell blocks printed, on both outputs: each its own, up to the one that failed. */
export interface PrintedBlocks extends Pick<RoverResult, 'exitCode'> {
  readonly printed: readonly string[];
}

const MARK = '--- the next block';

/** Runs shell blocks in one shell, until one of their commands fails. */
export async function runBlocks(
  blocks: readonly string[],
  { folder, environment }: { readonly folder: string; readonly environment: NodeJS.ProcessEnv },
): Promise<PrintedBlocks> {
  const script = ['exec 2>&1; set -euo pipefail', ...blocks].join(`\necho '${MARK}'\n`);
  const { exitCode, stdout } = await runToEnd('bash', ['-c', script], { cwd: folder, env: environment });
  return { exitCode, printed: stdout.split(`${MARK}\n`).slice(1) };
}
