import type { Send } from '../upstream/send.ts';

/**
 * Headers that the team's own server gives a call to a subgraph, from the context value that it made for the request. They
 * take the place of what a client sent under the same name, also where they are `undefined`: a client cannot say what the
 * server does not know. Calls that differ in them are never merged.
 */
export type HeadersFrom<Context> = (context: Context, subgraph: string) => Readonly<Record<string, string | undefined>>;

/** @param headersOf asked for each call; what it throws fails the request */
export function addHeaders(next: Send, headersOf: () => Readonly<Record<string, string | undefined>>): Send {
  return async (call) => {
    const headers: Record<string, string> = { ...call.headers };
    for (const [name, value] of Object.entries(headersOf())) {
      if (value === undefined) delete headers[name.toLowerCase()];
      else headers[name.toLowerCase()] = value;
    }
    return next({ ...call, headers });
  };
}
