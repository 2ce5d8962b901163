import { createHmac } from 'node:crypto';
import type { Identity } from '../../service/identity.ts';
import { isSameSecret } from '../../service/secrets.ts';

/** The header in which somebody asks for an explanation. */
export const EXPLAIN = 'x-explain';

export interface MayExplainOptions {
  /** What signatures are made with; without it there are none. */
  readonly key?: string | undefined;
  /** Callers who have one of these need no signature: they send `x-explain: 1`. */
  readonly roles: readonly string[];
  /** Whether anybody may who sends `x-explain: 1`. */
  readonly anyone: boolean;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Whether a request is to be explained to whoever sends it. */
export type MayExplain = (
  headers: Readonly<Record<string, string | undefined>>,
  identity: Identity | undefined,
) => boolean;

/** So far ahead an end may lie, in milliseconds: what was signed once must not be good for ever. */
export const LONGEST_MS = 3_600_000;

/** What is sent in `x-explain`: when it ends, in seconds since 1970, and a signature (HMAC-SHA256) of that. */
export function signExplain(key: string, endsAtS: number): string {
  return `${endsAtS}.${createHmac('sha256', key).update(`${EXPLAIN} ${endsAtS}`).digest('base64url')}`;
}

/** Makes the function that says who may have a request explained: who has a signature that has not ended, or one of the roles; where it is allowed, anybody. */
export function createMayExplain({ key, roles, anyone, now = Date.now }: MayExplainOptions): MayExplain {
  return ({ [EXPLAIN]: said }, identity) => {
    if (said === undefined) return false;
    if (anyone && said === '1') return true;
    if (identity !== undefined && roles.some((role) => identity.roles.has(role))) return true;
    const [, ends] = /^(\d{1,12})\.[\w-]+$/.exec(said) ?? [];
    if (key === undefined || ends === undefined || !isSameSecret(said, signExplain(key, Number(ends)))) return false;
    const leftMs = Number(ends) * 1_000 - now();
    return leftMs > 0 && leftMs <= LONGEST_MS;
  };
}
