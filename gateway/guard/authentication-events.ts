import { channel } from 'node:diagnostics_channel';

/** What is published on `authenticationEvents`. */
export type AuthenticationEvent =
  /** `verified`: a signature was checked. `remembered`: the token is known. `joined`: another request has it checked just now. */
  | { readonly kind: 'verified' | 'remembered' | 'joined' | 'api key' }
  | { readonly kind: 'refused'; readonly reason: string }
  /** The keys of an issuer, by its name in the configuration, were fetched, or could not be. */
  | { readonly kind: 'keys'; readonly issuer: string; readonly failure: Error | undefined };

/** For those who count and log; see `telemetry/`. */
export const authenticationEvents = channel('gateway:authentication');

/** Publishes when anybody listens. */
export function publishAuthentication(event: AuthenticationEvent): void {
  if (authenticationEvents.hasSubscribers) authenticationEvents.publish(event);
}
