import { audit } from '../access/audit.ts';
import { demand, type Principal, type Target } from '../access/principal.ts';
import { RegistryError } from '../errors.ts';
import type { Verb } from '../storage/tables.ts';
import type { Context } from './context.ts';

/**
 * Lets pass who may do it, and writes into the audit log who may not.
 *
 * @param action as the audit log names it: `subgraph.publish`
 * @throws {RegistryError} KEY_INVALID, ACCESS_DENIED
 */
export async function permit(
  { principal, database, now }: Context,
  verb: Verb,
  target: Target,
  action: string,
): Promise<Principal> {
  try {
    return demand(principal, verb, target);
  } catch (error) {
    // Whoever has no key is nobody: anyone could fill the log so.
    if (error instanceof RegistryError && principal !== undefined) {
      const { graphId, variant = null, subgraph = null } = target;
      const deed = { actor: principal.name, action, graphId, variant, outcome: error.code, details: { subgraph } };
      // The refusal itself counts more than that it is written down.
      await audit(database.query, deed, now()).catch(() => undefined);
    }
    throw error;
  }
}

/**
 * Lets pass who administers all graphs.
 *
 * @throws {RegistryError} KEY_INVALID, ACCESS_DENIED
 */
export async function permitEverywhere(context: Context, action: string): Promise<Principal> {
  const { principal } = context;
  const isBounded = principal !== undefined && (principal.graphId ?? principal.variant ?? principal.subgraph) !== null;
  const permitted = await permit(context, 'admin', { graphId: '*' }, action);
  if (!isBounded) return permitted;
  throw new RegistryError('ACCESS_DENIED', `The API key "${permitted.name}" does not administer all graphs.`);
}
