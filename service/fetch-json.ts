/**
 * Fetches a JSON document. Redirects are not followed: where it is, is for the configuration to say.
 *
 * @throws {Error} when it cannot be had; the message names the address, without what may be secret in it
 */
export async function fetchJson(url: URL, signal: AbortSignal): Promise<unknown> {
  const place = `${url.origin}${url.pathname}`;
  let status: number;
  try {
    const response = await fetch(url, { signal, redirect: 'manual', headers: { accept: 'application/json' } });
    if (response.status === 200) return await response.json();
    await response.body?.cancel();
    status = response.status;
  } catch (cause) {
    throw new Error(`${place} cannot be fetched`, { cause });
  }
  throw new Error(`${place} answers ${status}`);
}
