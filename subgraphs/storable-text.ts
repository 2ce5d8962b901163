/**
 * Whether Postgres can hold a text: it has no character 0, and reports one as an error of the query. What cannot be stored
 * cannot be found either.
 */
export function isStorable(text: string): boolean {
  return !text.includes('\u0000');
}
