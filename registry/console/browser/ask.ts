/** What the registry refuses, with its code: `KEY_INVALID`, `ACCESS_DENIED`, `VERSION_UNKNOWN`, … */
export class AskError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'AskError';
    this.code = code;
  }
}

/** Only the console's pages send it: see `registry/access/session-cookie.ts`. */
export const OWN_HEADERS = { 'content-type': 'application/json', 'x-tributary-console': '1' };

export type Variables = Readonly<Record<string, unknown>>;

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/**
 * Asks the registry by GraphQL, as whoever is signed in.
 *
 * @throws {AskError} with the first of the answer's errors, or the code `UNREACHABLE`
 */
export async function ask<Data>(query: string, variables: Variables = {}, signal?: AbortSignal): Promise<Data> {
  const { data, errors } = await post<Answer>('/graphql', { query, variables }, signal);
  const [error] = errors ?? [];
  if (error !== undefined) throw new AskError(error.extensions?.code ?? 'UNKNOWN', error.message);
  return data as Data;
}

/** Signs in with a key. @throws {AskError} */
export async function signIn(key: string): Promise<void> {
  const { error } = await post<{ error?: { code: string; message: string } }>('/session', { key });
  if (error !== undefined) throw new AskError(error.code, error.message);
}

/** Signs out, here and at the registry. */
export async function signOut(): Promise<void> {
  await fetch('/session', { method: 'DELETE', headers: OWN_HEADERS, body: '{}' });
}

async function post<Result>(path: string, body: unknown, signal?: AbortSignal): Promise<Result> {
  try {
    const response = await fetch(path, {
      ...{ method: 'POST', headers: OWN_HEADERS, body: JSON.stringify(body), credentials: 'same-origin' },
      ...(signal === undefined ? {} : { signal }),
    });
    return (await response.json()) as Result;
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new AskError('UNREACHABLE', 'The registry does not answer.');
  }
}
