import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A data directory of the embedded Postgres, made by `global-setup.ts`: creating one takes seconds and a gigabyte. */
export const POSTGRES_TEMPLATE = fileURLToPath(
  new URL('../../node_modules/.cache/tributary/postgres-template', import.meta.url),
);

/** Fills a data directory with a database without tables, as the embedded Postgres makes it at its first start. */
export function copyPostgresTemplate(directory: string): void {
  cpSync(POSTGRES_TEMPLATE, directory, { recursive: true });
}
