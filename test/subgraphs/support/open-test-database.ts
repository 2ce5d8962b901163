import { fileURLToPath } from 'node:url';
import { type Database, type DatabaseOptions, openDatabase } from '../../../service/database.ts';
import { createLog } from '../../../service/logs.ts';

/** The tables of a service, for tests of what works on them without a server. */
export function openTestDatabase(
  service: string,
  url: string,
  options: Pick<DatabaseOptions, 'timeoutMs'> = {},
): Promise<Database> {
  const migrations = fileURLToPath(new URL(`../../../subgraphs/${service}/migrations`, import.meta.url));
  return openDatabase({ url, service, migrations, log: createLog(service, 'silent'), ...options });
}
