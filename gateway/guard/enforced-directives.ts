import type { AccessDirective } from '../../planning/access-rules.ts';

/** The security directives that this guard enforces. A supergraph with any other one is not served. */
export const ENFORCED_DIRECTIVES: ReadonlySet<AccessDirective> = new Set(['authenticated', 'requiresScopes', 'policy']);
