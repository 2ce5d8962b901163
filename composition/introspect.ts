/** Asks a running subgraph for its schema. @throws {Error} with a message for an operator */
export type FetchSdl = (url: string, headers: Readonly<Record<string, string>>) => Promise<string>;

/** From asking to the last byte: a gateway that starts waits for nobody longer. */
const DEADLINE_MS = 5_000;

/**
 * Reads the SDL by `{ _service { sdl } }` (Federation, "Subgraph specification": enhanced introspection).
 *
 * @param deadlineMs how long it may take, in milliseconds
 * @throws {Error} with a message for an operator
 */
export async function fetchSdl(
  url: string,
  headers: Readonly<Record<string, string>>,
  deadlineMs = DEADLINE_MS,
): Promise<string> {
  const { status, body } = await ask(url, headers, deadlineMs);
  const response = parse(body);
  if (response === undefined) {
    const start = body.slice(0, 60).replaceAll(/\s+/g, ' ').trim();
    throw new Error(`${url} answered with status ${status} and no JSON ("${start}"); it must be a GraphQL endpoint`);
  }
  const sdl = at(at(at(response, 'data'), '_service'), 'sdl');
  if (typeof sdl === 'string') return sdl;
  const errors = at(response, 'errors');
  if (Array.isArray(errors) && errors.length > 0) {
    const messages = errors.map((error: unknown) => String(at(error, 'message') ?? JSON.stringify(error)));
    throw new Error(`${url} did not tell its schema: ${messages.join('; ')}`);
  }
  throw new Error(`${url} answered with status ${status} and no _service { sdl }; it must be a federated subgraph`);
}

async function ask(
  url: string,
  headers: Readonly<Record<string, string>>,
  deadlineMs: number,
): Promise<{ status: number; body: string }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: JSON.stringify({ query: 'query SubgraphSdl { _service { sdl } }', operationName: 'SubgraphSdl' }),
      signal: AbortSignal.timeout(deadlineMs),
    });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    if (at(error, 'name') === 'TimeoutError') {
      throw new Error(`${url} did not answer within ${deadlineMs} ms`, { cause: error });
    }
    throw new Error(`${url} cannot be reached (${reasonOf(error)}); start the subgraph first, or use schema.file`, {
      cause: error,
    });
  }
}

/** `fetch` hides the reason, such as ECONNREFUSED, in the cause of its error. */
function reasonOf(error: unknown): string {
  const cause = at(error, 'cause');
  return cause === undefined ? String(at(error, 'code') ?? at(error, 'message')) : reasonOf(cause);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
