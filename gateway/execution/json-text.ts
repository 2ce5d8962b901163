/** Writing JSON text by hand, exactly as `JSON.stringify` would. A hot path: test/bench, w1. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what JSON escapes
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A string as JSON. What needs escaping (lone surrogates too) is left to `JSON.stringify`. */
export function quote(text: string): string {
  return ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`;
}

/** Any value that was read from JSON, as JSON again. */
export function toJsonText(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (value === null || typeof value === 'boolean') return String(value);
  return JSON.stringify(value);
}
