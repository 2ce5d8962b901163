import { isSameSecret } from '../../service/secrets.ts';
import type { UsersConfig } from './config.ts';

/** The error codes of RFC 6749 §5.2 that occur here. */
export type OauthErrorCode = 'invalid_request' | 'invalid_client' | 'unsupported_grant_type' | 'invalid_scope';

export class OauthError extends Error {
  readonly code: OauthErrorCode;

  constructor(code: OauthErrorCode, message: string) {
    super(message);
    this.name = 'OauthError';
    this.code = code;
  }
}

/** A form (`application/x-www-form-urlencoded`), where each name stands once. */
export type Form = ReadonlyMap<string, string>;

/** A service that proved who it is. */
export interface OauthClient {
  readonly name: string;
  /** What it may ask for. */
  readonly scopes: readonly string[];
}

/** @throws {OauthError} when a parameter is repeated, which RFC 6749 §3.2 forbids */
export function readForm(body: string): Form {
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(body)) {
    if (form.has(name)) throw new OauthError('invalid_request', `${name} is given twice.`);
    form.set(name, value);
  }
  return form;
}

/**
 * Finds out which client asks, by HTTP Basic or by the form fields `client_id` and `client_secret` (RFC 6749 §2.3.1).
 *
 * @throws {OauthError}
 */
export function authenticateClient(
  authorization: string | undefined,
  form: Form,
  clients: UsersConfig['clients'],
): OauthClient {
  const { name, secret } = readCredentials(authorization, form);
  const client = Object.hasOwn(clients, name) ? clients[name] : undefined;
  // Compared in any case, so that an unknown name takes as long as a wrong secret.
  const isRight = isSameSecret(secret, client?.secret ?? '');
  if (client === undefined || !isRight)
    throw new OauthError('invalid_client', 'The client or its secret is not right.');
  return { name, scopes: client.scopes };
}

function readCredentials(authorization: string | undefined, form: Form): { name: string; secret: string } {
  const [name, secret] = [form.get('client_id'), form.get('client_secret')];
  if (authorization === undefined) {
    if (name !== undefined && secret !== undefined) return { name, secret };
    throw new OauthError('invalid_client', 'Send client_id and client_secret, or HTTP Basic.');
  }
  if (secret !== undefined) throw new OauthError('invalid_request', 'The client proves itself in two ways at once.');
  const basic = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization)?.[1];
  const parts = /^([^:]*):(.*)$/s.exec(Buffer.from(basic ?? '', 'base64').toString('utf8'));
  if (parts === null) throw new OauthError('invalid_client', 'The authorization header is not HTTP Basic.');
  return { name: decode(parts[1] ?? ''), secret: decode(parts[2] ?? '') };
}

/** Both halves of HTTP Basic are form-encoded before they are put together (RFC 6749 §2.3.1). */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
