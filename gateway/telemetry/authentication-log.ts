import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';

/** Where `guard/` publishes; what is read here of what it does. */
const CHANNEL = 'gateway:authentication';

type Published =
  | { readonly kind: 'keys'; readonly issuer: string; readonly failure: Error | undefined }
  | { readonly kind: 'verified' | 'remembered' | 'joined' | 'api key' | 'refused' };

/** Says when the keys of an issuer cannot be fetched and when they can again, once each. Of tokens nothing is ever written. */
export function startAuthenticationLog({ log }: { readonly log: Log }): Running {
  const lost = new Set<string>();
  const known = new Set<string>();

  const write = (published: unknown) => {
    const event = published as Published;
    if (event.kind !== 'keys') return;
    if (event.failure === undefined) known.add(event.issuer);
    if (lost.has(event.issuer) === (event.failure !== undefined)) return;
    const { issuer, failure } = event;
    if (failure === undefined) {
      lost.delete(issuer);
      log.info({ issuer }, 'the keys of the issuer can be fetched again');
    } else {
      lost.add(issuer);
      const until = known.has(issuer) ? 'those that were fetched before are used' : 'its tokens get 503 until they can';
      log.warn({ issuer, err: failure }, `the keys of the issuer cannot be fetched: ${until}`);
    }
  };

  subscribe(CHANNEL, write);
  return { close: async () => void unsubscribe(CHANNEL, write) };
}
