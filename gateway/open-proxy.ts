import type { ClosingStack } from '../service/run.ts';
import type { GatewayConfig } from './config.ts';
import { createIsTrustedProxy } from './guard/client-address.ts';
import type { ProxyOptions, RestProxy } from './rest/proxy.ts';
import { withOverrides } from './upstream/upstreams.ts';

export interface ProxySetting
  extends Pick<
    ProxyOptions,
    'authenticate' | 'limitConcurrency' | 'charge' | 'clientAddress' | 'boundAddress' | 'log'
  > {
  readonly config: GatewayConfig;
}

/** Opens what stands behind routes on a stack, which closes it; its files are loaded only when there are any. */
export async function openProxy(
  stack: ClosingStack,
  { config, ...setting }: ProxySetting,
): Promise<RestProxy | undefined> {
  const { routes, upstream: overrides, upstreamDefaults, authentication, http } = config;
  if (Object.keys(routes).length === 0) return undefined;
  const [{ createProxy }, { createStreamedUpstream }] = await Promise.all([
    import('./rest/proxy.ts'),
    import('./upstream/upstream-streamed.ts'),
  ]);
  const names = new Set(Object.values(routes).map(({ upstream }) => upstream));
  const upstreams = [...names].map((name) => {
    const options = withOverrides({ urls: [] as readonly string[], ...upstreamDefaults }, overrides[name] ?? {});
    return [name, { upstream: createStreamedUpstream(name, options), timeoutMs: options.timeoutMs }] as const;
  });
  return stack.add(
    'proxy',
    createProxy({
      ...setting,
      ...{ routes, authentication, http },
      upstreams: new Map(upstreams),
      isTrustedProxy: createIsTrustedProxy(http.trustedProxies),
    }),
  );
}
