import type { ClaimedDelivery } from '../storage/deliveries.ts';
import { signedHeaders } from './sign.ts';

export interface SendOptions {
  readonly now: Date;
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends it before. */
  readonly signal: AbortSignal;
}

/** What an attempt came to, in words. */
export interface SendOutcome {
  readonly isDelivered: boolean;
  readonly outcome: string;
}

/**
 * Posts a delivery once. Any status of 200 to 299 means that it was heard. Redirects are not followed, and nothing of an answer is
 * read but its status: what a webhook points at is not shown to whoever made it.
 */
export async function send(
  { id, url, secret, body }: ClaimedDelivery,
  { now, timeoutMs, signal }: SendOptions,
): Promise<SendOutcome> {
  const text = JSON.stringify(body);
  const timestamp = Math.floor(now.getTime() / 1_000);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', 'user-agent': 'tributary-registry' },
        ...signedHeaders(secret, { id, timestamp, body: text }),
      },
      body: text,
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), signal]),
    });
    await response.body?.cancel();
    const { status, ok } = response;
    const isRedirect = status >= 300 && status < 400;
    return { isDelivered: ok, outcome: `HTTP ${status}${isRedirect ? ', and redirects are not followed' : ''}` };
  } catch (error) {
    return { isDelivered: false, outcome: describe(error, timeoutMs) };
  }
}

function describe(error: unknown, timeoutMs: number): string {
  // `fetch` throws errors of another realm than that of a test.
  if (Object(error).name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  const cause = Object(error).cause ?? error;
  const { code, message } = Object(cause);
  return String(code ?? message ?? cause).slice(0, 200);
}
