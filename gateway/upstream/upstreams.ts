import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import { type MergeOptions, merge } from './merge.ts';
import { createUpstream, type Send, type Upstream, type UpstreamOptions } from './upstream.ts';

/** All destinations by name. */
export interface Upstreams extends Running {
  /** @throws {TypeError} for a name that no `update` has told of */
  send(name: string): Send;
  /** Opens destinations that are new or have other addresses. What they replace stays open until its calls have ended. */
  update(destinations: readonly Destination[]): void;
}

export interface Destination {
  readonly name: string;
  /** The `routing_url` of the supergraph. */
  readonly url: string;
}

export interface UpstreamsOptions {
  /** Per name, what differs from the defaults and from the supergraph. */
  readonly overrides: Readonly<
    Record<string, { readonly urls?: readonly string[] | undefined; readonly timeoutMs?: number | undefined }>
  >;
  readonly defaults: Omit<UpstreamOptions, 'urls'>;
  /** Merges identical calls in flight when given. */
  readonly merging?: MergeOptions | undefined;
  readonly log: Log;
}

/** Keeps one destination for each subgraph of the current supergraph. */
export function createUpstreams({ overrides, defaults, merging, log }: UpstreamsOptions): Upstreams {
  const open = new Map<string, { readonly key: string; readonly upstream: Upstream; readonly send: Send }>();
  const retired = new Set<Promise<void>>();

  function retire(upstream: Upstream): void {
    const closing = upstream.close().finally(() => retired.delete(closing));
    retired.add(closing);
  }

  return {
    send: (name) => {
      const found = open.get(name);
      if (found === undefined) throw new TypeError(`there is no upstream ${name}`);
      return found.send;
    },
    update: (destinations) => {
      for (const { name, url } of destinations) {
        const { urls = [url], timeoutMs = defaults.timeoutMs } = overrides[name] ?? {};
        const key = JSON.stringify([urls, timeoutMs]);
        const existing = open.get(name);
        if (existing?.key === key) continue;
        const upstream = createUpstream(name, { ...defaults, urls, timeoutMs });
        open.set(name, { key, upstream, send: merging === undefined ? upstream.send : merge(upstream.send, merging) });
        if (existing !== undefined) retire(existing.upstream);
        log.debug({ upstream: name, urls }, 'upstream opened');
      }
    },
    close: async () => {
      for (const { upstream } of open.values()) retire(upstream);
      open.clear();
      await Promise.all(retired);
    },
  };
}
