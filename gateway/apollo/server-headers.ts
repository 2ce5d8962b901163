import type { Send } from '../upstream/upstream.ts';

/**
 * Headers that the team's own server gives a call to a subgraph, from the context value that it made for the request. They
 * replace headers of the client with the same name, and calls that differ in them are never merged.
 */
export type HeadersFrom<Context> = (context: Context, subgraph: string) => Readonly<Record<string, string | undefined>>;

/** @param headersOf asked for each call; what it throws fails the request */
export function addHeaders(next: Send, headersOf: () => Readonly<Record<string, string | undefined>>): Send {
  return async (call) => {
    const headers: Record<string, string> = { ...call.headers };
    for (const [name, value] of Object.entries(headersOf())) {
      if (value !== undefined) headers[name.toLowerCase()] = value;
    }
    return next({ ...call, headers });
  };
}
