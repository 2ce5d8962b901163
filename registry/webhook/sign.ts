import { createHmac } from 'node:crypto';

/** What is signed. */
export interface SignedMessage {
  /** The same at each attempt: whoever gets it twice knows it by that. */
  readonly id: string;
  /** When it is sent, in seconds since 1970. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * The headers of a message as the Standard Webhooks specification has them (standardwebhooks.com), for which there are libraries in
 * most languages: the signature is `v1,` and the HMAC-SHA-256 of `ID.TIMESTAMP.BODY`, in base64; its key is what is in base64 behind
 * `whsec_` in the secret.
 */
export function signedHeaders(secret: string, { id, timestamp, body }: SignedMessage): Record<string, string> {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1,${signature}` };
}
