import { RegistryError } from '../errors.ts';
import type { Diagnostic } from '../schema/lint.ts';
import { listVariants } from '../storage/variants.ts';
import type { LintResult, Resolvers } from './generated.ts';
import { createLocator } from './text-position.ts';

/** `subgraph lint` and `graph lint`. Rover names no variant there: the rules are those of the variant `current`, if any are set. */
export const lint = {
  GraphMutation: {
    lintSchema: async ({ id: graphId }, { sdl, baseSdl }, { database, reading, schemaLimitBytes }) => {
      checkSize(sdl, schemaLimitBytes);
      checkSize(baseSdl ?? '', schemaLimitBytes);
      const variants = await listVariants(database.query, graphId);
      const rules = variants.find(({ name }) => name === 'current')?.policy.lint;
      const options = { ...(baseSdl == null ? {} : { baseSdl }), ...(rules === undefined ? {} : { rules }) };
      return toLintResult(await reading.lint(sdl, options), sdl);
    },
  },
} satisfies Resolvers;

/** @param sdl the text that was linted */
export function toLintResult(diagnostics: readonly Diagnostic[], sdl: string): LintResult {
  const locate = createLocator(sdl);
  return {
    diagnostics: diagnostics.map(({ level, message, coordinate, rule, start, end }) => ({
      level,
      message,
      coordinate,
      rule,
      sourceLocations: [{ start: locate(start), end: locate(end) }],
    })),
    stats: {
      errorsCount: diagnostics.filter(({ level }) => level === 'ERROR').length,
      warningsCount: diagnostics.filter(({ level }) => level === 'WARNING').length,
    },
  };
}

/** @throws {RegistryError} SCHEMA_TOO_LARGE */
export function checkSize(sdl: string, limitBytes: number): void {
  const size = Buffer.byteLength(sdl);
  if (size <= limitBytes) return;
  throw new RegistryError(
    'SCHEMA_TOO_LARGE',
    `The schema has ${size} bytes; this registry takes ${limitBytes} at most (schemaLimitBytes).`,
  );
}
