import { isDeepStrictEqual } from 'node:util';

/** A fast wrong answer is a bug: what a gateway gives is compared with what the first one gave. */

/** Sends one operation; throws unless it has data and no errors. Returns the answer as its bytes came. */
export async function ask(url: string, query: string, name: string, token?: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    // A connection that stays open would count as one of the gateway's.
    headers: {
      'content-type': 'application/json',
      connection: 'close',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query }),
  });
  const text = await response.text();
  if (response.status !== 200 || dataOf(text) === undefined)
    throw new Error(`${name} answers ${response.status}: ${text.slice(0, 500)}`);
  return text;
}

/** The data of a right answer; undefined when it has errors or none. */
export function dataOf(text: string): unknown {
  const { data, errors } = JSON.parse(text) as { data?: unknown; errors?: unknown };
  return errors === undefined && data !== null ? data : undefined;
}

/** Throws unless both hold the same data. Fields may come in any order: what is checked is who computes what. */
export function compare(text: string, reference: string, name: string): void {
  if (!isDeepStrictEqual(dataOf(text), dataOf(reference)))
    throw new Error(`${name} answers otherwise than the reference: ${text.slice(0, 500)}`);
}
