/** Headers that say who traces a call, not what is asked. */
export const TRACING: ReadonlySet<string> = new Set(['traceparent', 'tracestate']);

/** All calls of one request come with the same headers. */
const keys = new WeakMap<Readonly<Record<string, string>>, string>();

/** What of a call's headers decides whether two callers can get one answer: everything, identity included, that is not tracing. */
export function toSharingKey(headers: Readonly<Record<string, string>>): string {
  let key = keys.get(headers);
  if (key === undefined) {
    const asked = Object.entries(headers).filter(([name]) => !TRACING.has(name));
    key = JSON.stringify(asked.sort(([a], [b]) => (a < b ? -1 : 1)));
    keys.set(headers, key);
  }
  return key;
}
