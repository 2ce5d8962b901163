import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { observe } from '../../service/metrics.ts';
import type { Running } from '../../service/run.ts';
import type { GatewayMetrics } from '../metric-table.ts';

/** What rooms publish beside requests; what is read here of it. */

interface CacheEvent {
  readonly kind: string;
  readonly result: string;
  readonly level: string | undefined;
  readonly bytes: number;
  readonly entries: number;
  readonly source: string;
  readonly isLate: boolean;
}

interface StoreEvent {
  readonly kind: 'call' | 'connection' | 'breaker';
  readonly call: string;
  readonly durationMs: number;
  readonly fault?: string;
  readonly role: string;
  readonly isUp: boolean;
  readonly state: 'open' | 'closed';
}

interface RateLimitEvent {
  readonly kind: 'granted' | 'refused' | 'closed' | 'address refused' | 'corrected';
  readonly set: string;
  readonly by: string;
}

/** Counts what rooms publish. */
export function countEvents(metrics: GatewayMetrics): Running {
  const lookups = metrics.counter('tributary_cache_lookups_total');
  const fills = metrics.counter('tributary_cache_fills_total');
  const stored = metrics.counter('tributary_cache_stored_bytes_total');
  const dropped = metrics.counter('tributary_cache_dropped_entries_total');
  const purges = metrics.counter('tributary_cache_purges_total');
  const calls = metrics.histogram('tributary_store_call_duration_seconds');
  const up = metrics.gauge('tributary_store_up');
  const breakers = metrics.gauge('tributary_store_breaker_open');
  const limits = metrics.counter('tributary_rate_limit_decisions_total');
  const authentications = metrics.counter('tributary_authentications_total');
  const unknown = metrics.counter('tributary_unknown_operations_total');

  const listeners: Readonly<Record<string, (published: unknown) => void>> = {
    'gateway:cache': (published) => {
      const { kind, result, level = 'none', bytes, entries, source, isLate } = published as CacheEvent;
      if (kind === 'lookup') lookups.inc({ result, level });
      else if (kind === 'fill') fills.inc({ source });
      else if (kind === 'store') stored.inc(bytes);
      else if (kind === 'dropped') dropped.inc(entries);
      else if (kind === 'purge') purges.inc({ state: isLate ? 'late' : 'done' });
      else if (kind === 'pending purge') purges.inc({ state: 'pending' });
    },
    'gateway:store': (published) => {
      const { kind, call, durationMs, fault = 'none', role, isUp, state } = published as StoreEvent;
      if (kind === 'call') observe(calls, { call, fault }, durationMs / 1_000);
      else if (kind === 'connection') {
        up.set({ role }, isUp ? 1 : 0);
        breakers.inc({ role }, 0);
      } else breakers.set({ role }, state === 'open' ? 1 : 0);
    },
    'gateway:rate-limit': (published) => {
      const { kind, set, by } = published as RateLimitEvent;
      if (kind === 'granted') limits.inc({ set, decision: 'granted', by });
      else if (kind === 'refused') limits.inc({ set, decision: 'refused', by });
      else if (kind === 'closed') limits.inc({ set, decision: 'refused', by: 'store is away' });
      else if (kind === 'address refused') limits.inc({ set: 'address', decision: 'refused', by: 'memory' });
    },
    'gateway:authentication': (published) => {
      const { kind } = published as { readonly kind: string };
      if (kind !== 'keys') authentications.inc({ outcome: kind });
    },
    'gateway:unknown-operation': (published) => {
      const { isRefused } = published as { readonly isRefused: boolean };
      unknown.inc({ decision: isRefused ? 'refused' : 'answered' });
    },
  };
  for (const [name, listener] of Object.entries(listeners)) subscribe(name, listener);
  return {
    close: async () => {
      for (const [name, listener] of Object.entries(listeners)) unsubscribe(name, listener);
    },
  };
}
