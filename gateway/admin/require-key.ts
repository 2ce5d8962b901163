import type { IncomingHttpHeaders } from 'node:http';
import { isSameSecret } from '../../service/secrets.ts';
import { GatewayError } from '../errors.ts';

/** Lets only those go on who have a key. @param option where it stands in the configuration @throws {GatewayError} `UNAUTHENTICATED` */
export function requireKey({ authorization }: IncomingHttpHeaders, key: string, option: string): void {
  if (authorization !== undefined && isSameSecret(authorization, `Bearer ${key}`)) return;
  throw new GatewayError('UNAUTHENTICATED', `Send the key of ${option} as "authorization: Bearer KEY".`);
}
