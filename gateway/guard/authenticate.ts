import type { Identity } from '../../service/identity.ts';
import { TokenError } from '../../service/tokens.ts';
import type { AuthenticationConfig } from '../authentication-config.ts';
import { GatewayError } from '../errors.ts';
import { createFindApiKey } from './api-keys.ts';
import { publishAuthentication } from './authentication-events.ts';
import { type Credential, createFindCredential } from './credentials.ts';
import { rememberTokens } from './remembered-tokens.ts';
import type { Revocations } from './revocations.ts';
import { createShowIdentity } from './shown-identity.ts';
import type { TrustedIssuers } from './trusted-issuers.ts';

type Headers = Readonly<Record<string, string | undefined>>;

/** Who asks, and what subgraphs are told of that. */
export interface Authenticated {
  /** `undefined` for an anonymous caller. */
  readonly identity: Identity | undefined;
  /** What goes to subgraphs of it, in the place of whatever the client sends under these names. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * From the headers of a request (in lower case) to who is asking: in the same turn, for whom is known.
 *
 * @throws {GatewayError} 401, 503; 400 for two credentials
 */
export type Authenticate = (headers: Headers) => Authenticated | Promise<Authenticated>;

export interface AuthenticateOptions {
  readonly config: AuthenticationConfig;
  readonly issuers: TrustedIssuers;
  /** `undefined` when nothing can be revoked. */
  readonly revocations: Revocations | undefined;
}

const ANONYMOUS: Authenticated = { identity: undefined, headers: {} };

/**
 * A request without a credential is anonymous; one with a credential that is not valid is refused, rather than served as anonymous
 * and taken for something else.
 */
export function createAuthenticate({ config, issuers, revocations }: AuthenticateOptions): Authenticate {
  const findCredential = createFindCredential(config);
  const identify = rememberTokens(issuers, { maxBytes: config.rememberBytes });
  const findApiKey = createFindApiKey(config.apiKeys);
  const show = createShowIdentity(config.forward);
  const isTokenUnread = Object.keys(config.issuers).length === 0 && config.forward.token;

  function authenticate(headers: Headers): Authenticated | Promise<Authenticated> {
    const credential = findCredential(headers);
    if (credential === undefined) return isTokenUnread ? showUnread(headers.authorization) : ANONYMOUS;
    if (credential.kind === 'api key') return admit(identifyMachine(credential.key), credential);
    const identity = identify(credential.token);
    return identity instanceof Promise
      ? identity.then((found) => admit(found, credential))
      : admit(identity, credential);
  }

  function identifyMachine(key: string): Identity {
    const identity = findApiKey(key);
    if (identity === undefined) throw refusal('The API key is not known here.', 'unknown API key');
    publishAuthentication({ kind: 'api key' });
    return identity;
  }

  /** Lets somebody in whose credential is genuine, unless it was revoked. */
  function admit(identity: Identity, credential: Credential): Authenticated | Promise<Authenticated> {
    if (credential.kind === 'token' && !issuers.accepts(identity.issuer, credential.place))
      throw refusal(
        `Tokens of this issuer are not accepted in the ${credential.place.kind} ${credential.place.name}.`,
        'issuer',
      );
    const isRevoked = revocations?.isRevoked(identity) ?? false;
    return isRevoked instanceof Promise ? isRevoked.then(finish) : finish(isRevoked);

    function finish(revoked: boolean): Authenticated {
      if (revoked && credential.kind === 'token') throw new TokenError('revoked');
      if (revoked) throw refusal('The API key was revoked.', 'revoked API key');
      return { identity, headers: show(identity, credential.kind === 'token' ? credential.token : undefined) };
    }
  }

  return (headers) => {
    try {
      const authenticated = authenticate(headers);
      return authenticated instanceof Promise ? authenticated.catch(refuse) : authenticated;
    } catch (error) {
      return refuse(error);
    }
  };
}

function showUnread(authorization: string | undefined): Authenticated {
  return authorization === undefined ? ANONYMOUS : { identity: undefined, headers: { authorization } };
}

function refusal(message: string, reason: string): GatewayError {
  return new GatewayError('UNAUTHENTICATED', message, { extensions: { reason } });
}

/** @throws {GatewayError} */
function refuse(error: unknown): never {
  const refused = error instanceof TokenError ? toGatewayError(error) : error;
  if (refused instanceof GatewayError)
    publishAuthentication({ kind: 'refused', reason: String(refused.extensions.reason ?? refused.code) });
  throw refused;
}

function toGatewayError(error: TokenError): GatewayError {
  const code = error.fault === 'keys unavailable' ? 'IDENTITY_PROVIDER_UNAVAILABLE' : 'UNAUTHENTICATED';
  return new GatewayError(code, error.message, { cause: error, extensions: { reason: error.fault } });
}
