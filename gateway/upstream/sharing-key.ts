/** Headers that say who traces a call, not what is asked. */
export const TRACING: ReadonlySet<string> = new Set(['traceparent', 'tracestate']);

/** What of headers decides whether two callers can get one answer: everything, identity included, that is not tracing. */
export function toSharingKey(headers: Readonly<Record<string, string>>): string {
  const asked = Object.entries(headers).filter(([name]) => !TRACING.has(name));
  return JSON.stringify(asked.sort(([a], [b]) => (a < b ? -1 : 1)));
}
