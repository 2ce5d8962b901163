import { hash } from 'node:crypto';
import type { Identity } from '../../service/identity.ts';
import { API_KEY_ISSUER, type AuthenticationConfig } from '../authentication-config.ts';

/** As a configuration holds it. Keys are random, and long enough that nothing slower is needed to keep them from being guessed. */
export function hashApiKey(key: string): string {
  return hash('sha256', key, 'hex');
}

/** Makes the function that tells whose an API key is; of nobody's, `undefined`. */
export function createFindApiKey(apiKeys: AuthenticationConfig['apiKeys']) {
  const identities = new Map(
    Object.entries(apiKeys).flatMap(([name, { sha256, scopes, roles }]) =>
      sha256.map((digits) => [digits.toLowerCase(), toIdentity(name, digits.toLowerCase(), scopes, roles)]),
    ),
  );
  return (key: string): Identity | undefined => identities.get(hashApiKey(key));
}

function toIdentity(subject: string, jti: string, scopes: readonly string[], roles: readonly string[]): Identity {
  return {
    kind: 'api key',
    issuer: API_KEY_ISSUER,
    subject,
    scopes: new Set(scopes),
    roles: new Set(roles),
    expiresAt: undefined,
    claims: { iss: API_KEY_ISSUER, sub: subject, jti, scope: scopes.join(' '), roles },
  };
}
