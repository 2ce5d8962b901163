import { types } from 'node:util';

/** Which option helps, by what Node or Redis says: the message names one of them, the code the other. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /SELF_SIGNED_CERT|UNABLE_TO_(VERIFY|GET_ISSUER)|CERT_(SIGNATURE_FAILURE|UNTRUSTED)/,
    'nobody who is trusted here signed the certificate of Redis; redis.caFile says whom to trust',
  ],
  [/ALTNAME_INVALID/, 'redis.serverName is the name that the certificate has, where it is not the one in the address'],
  [
    /ALERT_(CERTIFICATE_REQUIRED|UNKNOWN_CA|BAD_CERTIFICATE|HANDSHAKE_FAILURE)/,
    'Redis wants a certificate of ours that it trusts: redis.certFile and redis.keyFile',
  ],
  [/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/, 'nothing is encrypted there: redis:// instead of rediss://'],
  [/^(NOAUTH|WRONGPASS)/, 'redis.username and redis.password, or those in the address, are not right'],
  [/cluster support disabled/, 'redis.isCluster is set, and it is none'],
];

/** A reason why there is no connection, with what to do about it, if it is one that does not pass by itself. */
export function explainConnectionError(error: unknown): unknown {
  if (!types.isNativeError(error)) return error;
  const { code } = error as NodeJS.ErrnoException;
  const [, advice] = ADVICE.find(([pattern]) => pattern.test(error.message) || pattern.test(code ?? '')) ?? [];
  return advice === undefined ? error : new Error(`${error.message.trim()} (${advice})`, { cause: error });
}
