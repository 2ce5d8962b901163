/** Directives of a `cache-control`, by their names in lower case; `true` for one without a value. */
export type Directives = ReadonlyMap<string, string | true>;

/** A token (RFC 9110, 5.6.2). */
const TOKEN = "[\\w!#$%&'*+.^`|~-]+";
/** One directive (RFC 9111, 5.2), with the comma or the end after it. */
const DIRECTIVE = new RegExp(
  `[ \\t]*(?:(${TOKEN})(?:=(?:(${TOKEN})|"((?:[^"\\\\\\r\\n]|\\\\.)*)"))?)?[ \\t]*(?:,|$)`,
  'y',
);

/** A header that is longer says nothing that anybody would want to know. */
const LONGEST = 4_000;

/**
 * Reads a `cache-control`; several lines are one list. Nothing when it does not have the grammar of one, or has a directive
 * twice (which RFC 9111, 4.2.1, leaves to the cache).
 */
export function readDirectives(header: string | readonly string[] | undefined): Directives | undefined {
  const text = typeof header === 'string' ? header : (header ?? []).join(',');
  const directives = new Map<string, string | true>();
  if (text === '') return directives;
  if (text.length > LONGEST) return undefined;
  DIRECTIVE.lastIndex = 0;
  while (DIRECTIVE.lastIndex < text.length) {
    const found = DIRECTIVE.exec(text);
    if (found === null) return undefined;
    const [, name, token, quoted] = found;
    // A list may have empty elements (RFC 9110, 5.6.1.2).
    if (name === undefined) continue;
    const key = name.toLowerCase();
    if (directives.has(key)) return undefined;
    directives.set(key, token ?? quoted?.replace(/\\(.)/g, '$1') ?? true);
  }
  return directives;
}
