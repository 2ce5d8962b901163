import { registerHooks } from 'node:module';

/**
 * `node --import` this, and a gateway calls its subgraphs without balance, breaker, retry, limit and deadline: with what is here in the place of `policies.ts`,
 * and everything else as it is. So the gateway that is measured needs no switch for what nobody wants.
 */

const PLACES: ReadonlyMap<string, string> = new Map([['./policies.ts', new URL('policies.ts', import.meta.url).href]]);

registerHooks({
  resolve: (specifier, context, next) => {
    const url = context.parentURL?.includes('/gateway/upstream/') ? PLACES.get(specifier) : undefined;
    return url === undefined ? next(specifier, context) : next(url, context);
  },
});
