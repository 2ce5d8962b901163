import { audit, type Deed } from '../access/audit.ts';
import { RegistryError } from '../errors.ts';
import { reaching } from '../storage/unavailable.ts';
import type { Publishing } from './publishing.ts';

/** Does something, and writes into the audit log when it is refused. @throws what it throws; DATABASE_UNAVAILABLE when that is why */
export async function auditingRefusals<Result>(
  { database, now }: Publishing,
  deed: Omit<Deed, 'outcome'>,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await reaching(work);
  } catch (error) {
    if (error instanceof RegistryError && error.code !== 'DATABASE_UNAVAILABLE') {
      // The refusal itself counts more than that it is written down.
      await audit(database.query, { ...deed, outcome: error.code }, now()).catch(() => undefined);
    }
    throw error;
  }
}
