import { RegistryError } from '../errors.ts';
import type { Verb } from '../storage/tables.ts';

/** Who asks: a key, and what it may do. */
export interface Principal {
  readonly keyId: string;
  /** As people call the key, and the beginning of its id: several keys may be called alike. */
  readonly name: string;
  /** `null` in each of the three: any. */
  readonly graphId: string | null;
  readonly variant: string | null;
  readonly subgraph: string | null;
  readonly verbs: readonly Verb[];
}

/** What is to be done to: `*` is all graphs. Without a variant, the graph as a whole; without a subgraph, the variant as a whole. */
export interface Target {
  readonly graphId: string;
  readonly variant?: string;
  readonly subgraph?: string;
}

const IMPLIED_BY: Readonly<Record<Verb, readonly Verb[]>> = {
  read: ['read', 'check', 'publish', 'admin'],
  check: ['check', 'admin'],
  publish: ['publish', 'admin'],
  report: ['report', 'admin'],
  admin: ['admin'],
};

/**
 * Whether a key may do this there. `admin` implies all verbs, `check` and `publish` imply `read`.
 *
 * Reading is of a graph or variant as a whole: whoever may publish one subgraph reads the others too, because rover asks for all of
 * them before it publishes or checks. Every other verb of a key for one subgraph is for that subgraph alone.
 */
export function allows(principal: Principal, verb: Verb, target: Target): boolean {
  if (!principal.verbs.some((own) => IMPLIED_BY[verb].includes(own))) return false;
  if (principal.graphId !== null && principal.graphId !== target.graphId) return false;
  if (verb === 'read') {
    return principal.variant === null || target.variant === undefined || principal.variant === target.variant;
  }
  if (principal.variant !== null && principal.variant !== target.variant) return false;
  return principal.subgraph === null || principal.subgraph === target.subgraph;
}

/**
 * @returns the principal, which may
 * @throws {RegistryError} KEY_INVALID without one, ACCESS_DENIED when it may not
 */
export function demand(principal: Principal | undefined, verb: Verb, target: Target): Principal {
  if (principal === undefined) throw new RegistryError('KEY_INVALID');
  if (allows(principal, verb, target)) return principal;
  throw new RegistryError(
    'ACCESS_DENIED',
    `The API key "${principal.name}" may not ${verb === 'admin' ? 'administer' : verb} ${shown(target)}: it is for ${scopeOf(principal)}.`,
  );
}

function shown({ graphId, variant, subgraph }: Target): string {
  const ref = variant === undefined ? graphId.replace('*', 'all graphs') : `${graphId}@${variant}`;
  return subgraph === undefined ? ref : `the subgraph "${subgraph}" of ${ref}`;
}

function scopeOf({ graphId, variant, subgraph, verbs }: Principal): string {
  const where = [
    ...(subgraph === null ? [] : [`the subgraph "${subgraph}"`]),
    graphId === null ? 'all graphs' : `${graphId}${variant === null ? '' : `@${variant}`}`,
    ...(graphId === null && variant !== null ? [`their variants "${variant}"`] : []),
  ];
  return `${verbs.join(', ')} on ${where.join(' of ')}`;
}
