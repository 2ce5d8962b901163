import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import { type MergeOptions, merge } from './merge.ts';
import type { ReplicaState } from './open-replica.ts';
import type { Send } from './send.ts';
import { createUpstream, type Upstream, type UpstreamOptions } from './upstream.ts';

/**
 * The destinations of each graph that is served, or that requests still run on. What two graphs have in common (the same
 * name and addresses) they share, connections and merging included; what no graph has any more is closed.
 *
 * A graph is any object; it is only told from others.
 */
export interface Upstreams extends Running {
  /**
   * Opens the destinations of a graph, until it is retired.
   *
   * @param onUnused told when it is retired and the last request on it has ended
   * @throws {AddressError} with nothing opened
   * @throws {ConfigError} the same, for a file that `tls` names
   */
  open(graph: object, destinations: readonly Destination[], onUnused?: () => void): void;
  /** The graph is served no more: its destinations are closed when the last request on it has ended. */
  retire(graph: object): void;
  /**
   * Keeps the destinations of a graph open for one request, until it is released: counted rather than timed, because a
   * request may send its last call long after a reload, and its first a moment before.
   *
   * @throws {TypeError} for a graph that is not open
   */
  hold(graph: object): Held;
  /** How the addresses of the graph that was opened last do, by the name of the destination. */
  look(): Readonly<Record<string, readonly ReplicaState[]>>;
}

/** The destinations of one graph, for one holder. */
export interface Held {
  /** @throws {TypeError} for a name that the graph does not have */
  send(name: string): Send;
  /** Once, when nothing more is sent. */
  release(): void;
}

export interface Destination {
  readonly name: string;
  /** The `routing_url` of the supergraph. */
  readonly url: string;
}

/** What differs from the defaults. */
export type Overrides = Differing<UpstreamOptions>;

type Differing<Options> = {
  readonly [Key in keyof Options]?: Options[Key] extends readonly unknown[] | string | number | boolean | undefined
    ? Options[Key] | undefined
    : Differing<Options[Key]>;
};

export interface UpstreamsOptions {
  /** Per name, what differs from the defaults and from the supergraph. */
  readonly overrides: Readonly<Record<string, Overrides>>;
  readonly defaults: Omit<UpstreamOptions, 'urls'>;
  /** Merges identical calls in flight when given. */
  readonly merging?: MergeOptions | undefined;
  readonly log: Log;
}

interface OpenDestination {
  /** Equal for equal addresses and options. */
  readonly key: string;
  readonly upstream: Upstream;
  readonly send: Send;
}

interface OpenGraph {
  readonly destinations: ReadonlyMap<string, OpenDestination>;
  /** The requests on it, and one for being served. */
  holders: number;
  readonly onUnused: (() => void) | undefined;
}

/** Options one by one, those of groups too; what is `undefined` is not said. */
export function withOverrides<Options extends object>(defaults: Options, overrides: Differing<Options>): Options {
  const entries = Object.entries(overrides).flatMap(([name, value]: [string, unknown]) => {
    if (value === undefined) return [];
    const before = (defaults as Record<string, unknown>)[name];
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
    return [[name, isGroup ? withOverrides(before as object, value) : value] as const];
  });
  return { ...defaults, ...Object.fromEntries(entries) };
}

/** Keeps the destinations of all graphs in use. */
export function createUpstreams({ overrides, defaults, merging, log }: UpstreamsOptions): Upstreams {
  const graphs = new Map<object, OpenGraph>();
  const closing = new Set<Promise<void>>();

  function openDestination({ name, url }: Destination): OpenDestination {
    const options = { urls: [url], ...withOverrides(defaults, overrides[name] ?? {}) };
    const key = JSON.stringify(options);
    for (const { destinations } of graphs.values()) {
      const shared = destinations.get(name);
      if (shared?.key === key) return shared;
    }
    const upstream = createUpstream(name, options, { log });
    return { key, upstream, send: merging === undefined ? upstream.send : merge(upstream.send, merging) };
  }

  function release(graph: object): void {
    const open = graphs.get(graph);
    if (open === undefined || --open.holders > 0) return;
    graphs.delete(graph);
    open.onUnused?.();
    closeUnused(open.destinations);
  }

  function closeUnused(candidates: ReadonlyMap<string, OpenDestination>): void {
    for (const [name, destination] of candidates) {
      if ([...graphs.values()].some(({ destinations }) => destinations.get(name) === destination)) continue;
      close(destination);
      log.debug({ upstream: name }, 'upstream closed');
    }
  }

  function close({ upstream }: OpenDestination): void {
    const closed = upstream.close().finally(() => closing.delete(closed));
    closing.add(closed);
  }

  /** All of them, or none: what is open may have checks that run. */
  function openAll(destinations: readonly Destination[]): Map<string, OpenDestination> {
    const opened = new Map<string, OpenDestination>();
    try {
      for (const destination of destinations) opened.set(destination.name, openDestination(destination));
      return opened;
    } catch (error) {
      closeUnused(opened);
      throw error;
    }
  }

  return {
    open: (graph, destinations, onUnused) => {
      const opened = openAll(destinations);
      graphs.set(graph, { destinations: opened, holders: 1, onUnused });
      log.debug({ upstreams: [...opened.keys()] }, 'upstreams opened');
    },
    retire: release,
    hold: (graph) => {
      const open = graphs.get(graph);
      if (open === undefined) throw new TypeError('the graph has no open upstreams');
      open.holders++;
      return {
        send: (name) => {
          const found = open.destinations.get(name);
          if (found === undefined) throw new TypeError(`there is no upstream ${name}`);
          return found.send;
        },
        release: () => release(graph),
      };
    },
    look: () => {
      const latest = [...graphs.values()].at(-1)?.destinations ?? new Map<string, OpenDestination>();
      return Object.fromEntries([...latest].map(([name, { upstream }]) => [name, upstream.look()]));
    },
    close: async () => {
      const destinations = new Set([...graphs.values()].flatMap((open) => [...open.destinations.values()]));
      graphs.clear();
      for (const destination of destinations) close(destination);
      await Promise.all(closing);
    },
  };
}
