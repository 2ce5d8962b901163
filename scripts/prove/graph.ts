import { type Operation, UsageError } from './read-operations.ts';

/** Who asks: `anonymous` has no token. */
export interface Asker {
  readonly name: string;
  readonly token: string | undefined;
}

/** A running graph, as a client and an operator see it. */
export interface Graph {
  /** @returns data and errors of the answer as one text; what says how it came is left out */
  ask(operation: Operation, asker: Asker, cacheControl?: string): Promise<string>;
  /** Voids all that one of the graph's subgraphs answered, by chance. Nothing when it cannot. @param dice from 0 up to 1 */
  readonly invalidate: ((dice: number) => Promise<void>) | undefined;
}

export interface GraphOptions {
  /** Where GraphQL is. */
  readonly url: string;
  /** Of the gateway's admin port, without a slash at its end. */
  readonly adminUrl: string;
  /** Without it nothing is invalidated. */
  readonly invalidateKey: string | undefined;
}

/** @throws {UsageError} when the admin port does not answer as one */
export async function openGraph({ url, adminUrl, invalidateKey }: GraphOptions): Promise<Graph> {
  const subgraphs = invalidateKey === undefined ? [] : await readSubgraphs(adminUrl);

  async function invalidate(dice: number): Promise<void> {
    const subgraph = subgraphs[Math.floor(dice * subgraphs.length)];
    const response = await send(`${adminUrl}/invalidate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${invalidateKey}`, 'content-type': 'application/json' },
      body: JSON.stringify([{ kind: 'subgraph', subgraph }]),
    });
    // 503: it holds in that gateway, and Redis gets it later.
    if (response.status !== 200 && response.status !== 503)
      throw new UsageError(
        `${adminUrl}/invalidate answered ${response.status}: ${(await response.text()).slice(0, 200)}`,
      );
  }

  return {
    invalidate: subgraphs.length === 0 ? undefined : invalidate,
    ask: async ({ query, variables }, { name, token }, cacheControl) => {
      const response = await send(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(cacheControl === undefined ? {} : { 'cache-control': cacheControl }),
        },
        body: JSON.stringify({ query, variables }),
      });
      const text = await response.text();
      if (response.status === 401) throw new UsageError(`The token of ${name} is refused: ${text.slice(0, 200)}`);
      const { data, errors } = readBody(text, url);
      return JSON.stringify({ data, errors });
    },
  };
}

function readBody(text: string, url: string): { readonly data?: unknown; readonly errors?: unknown } {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && ('data' in body || 'errors' in body)) return body;
  } catch {
    // Said below.
  }
  throw new UsageError(`${url} does not answer as GraphQL does: ${text.slice(0, 200)}`);
}

async function readSubgraphs(adminUrl: string): Promise<readonly string[]> {
  const response = await send(`${adminUrl}/ready`, {});
  const { subgraphs } = (await response.json().catch(() => ({}))) as { subgraphs?: unknown };
  if (!Array.isArray(subgraphs))
    throw new UsageError(`--admin: ${adminUrl}/ready does not say which subgraphs there are.`);
  return subgraphs.map(String);
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const { cause } = error as Error;
    throw new UsageError(`${url} cannot be reached: ${cause instanceof Error ? cause.message : error}`, {
      cause: error,
    });
  }
}
