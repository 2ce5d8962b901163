/** Whether a text is a UUID (RFC 9562) in its usual form. Postgres reports anything else as an error of the query. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}
