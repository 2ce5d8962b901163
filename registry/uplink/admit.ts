import type { Keys } from '../access/keys.ts';
import { demand, type Principal } from '../access/principal.ts';
import type { CurrentSupergraphs } from '../current/current.ts';
import { RegistryError } from '../errors.ts';

/** Which variant is asked for, by one who may have it. */
export interface Admitted {
  readonly graphId: string;
  readonly variant: string;
}

export interface Admitting {
  readonly keys: Keys;
  readonly current: CurrentSupergraphs;
}

/**
 * Lets a key read a variant. What may heal is not refused for good: a router stops asking for ever at any code but RETRY_LATER.
 *
 * @throws {RegistryError} KEY_INVALID, ACCESS_DENIED, GRAPH_UNKNOWN; DATABASE_UNAVAILABLE when it cannot be known whose key it is
 */
export async function admit(
  { keys, current }: Admitting,
  key: string | undefined,
  { graphId, variant }: Admitted,
): Promise<Admitted> {
  const principal: Principal | undefined = await keys.identify(key);
  demand(principal, 'read', { graphId, variant });
  if (!current.isKnown(graphId)) throw new RegistryError('GRAPH_UNKNOWN', `There is no graph "${graphId}".`);
  return { graphId, variant };
}

/** A graph ref: `GRAPH@VARIANT`, or `GRAPH` for its variant `current`. */
export function readRef(ref: string): Admitted {
  const at = ref.indexOf('@');
  return at === -1 ? { graphId: ref, variant: 'current' } : { graphId: ref.slice(0, at), variant: ref.slice(at + 1) };
}
