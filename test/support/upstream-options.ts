import type { UpstreamOptions } from '../../gateway/upstream/upstream.ts';
import { upstreamDefaultsConfig } from '../../gateway/upstream-config.ts';

type Given = Partial<UpstreamOptions> & Pick<UpstreamOptions, 'urls'>;

/** Those of a destination as it comes, but for what is given. */
export function upstreamOptions(given: Given): UpstreamOptions {
  return { ...upstreamDefaults(), ...given };
}

export function upstreamDefaults(): Omit<UpstreamOptions, 'urls'> {
  return upstreamDefaultsConfig.parse({});
}
