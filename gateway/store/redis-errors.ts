import { ReplyError } from 'ioredis';
import { StoreError } from './store.ts';

/** Replies of a server that cannot serve now, or not any more; another, or the same one later, can. */
const UNAVAILABLE =
  /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MOVED|ASK|NOREPLICAS|BUSY|UNBLOCKED|NOAUTH|WRONGPASS)\b/;

/** What a failure of Redis, of the connection or of the client is to those who use a store. */
export function toStoreError(cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const fault = cause instanceof ReplyError && !UNAVAILABLE.test(message) ? 'refused' : 'unavailable';
  return new StoreError(fault, `Redis: ${message}`, { cause });
}
