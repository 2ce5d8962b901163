import type { Running } from '../../service/run.ts';
import type { AuthenticationConfig } from '../authentication-config.ts';
import type { Store } from '../store/store.ts';
import { type Authenticate, createAuthenticate } from './authenticate.ts';
import { openRevocations, type Revocations } from './revocations.ts';
import { openTrustedIssuers } from './trusted-issuers.ts';

export interface Authentication extends Running {
  readonly authenticate: Authenticate;
  /** `undefined` when nothing can be revoked. */
  readonly revocations: Revocations | undefined;
}

/** Opens it. Issuers may be away: their tokens get 503 until their keys can be fetched. @param store where revocations are */
export function openAuthentication(config: AuthenticationConfig, store: Store | undefined): Authentication {
  const { isEnabled, ...revocation } = config.revocation;
  const issuers = openTrustedIssuers(config.issuers);
  const revocations = isEnabled && store !== undefined ? openRevocations({ ...revocation, store }) : undefined;
  return { authenticate: createAuthenticate({ config, issuers, revocations }), revocations, close: issuers.close };
}
