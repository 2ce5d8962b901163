import { subscribe, unsubscribe } from 'node:diagnostics_channel';
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
      if (kind === 'lookup') lookups.at(result, level).add();
      else if (kind === 'fill') fills.at(source).add();
      else if (kind === 'store') stored.at().add(bytes);
      else if (kind === 'dropped') dropped.at().add(entries);
      else if (kind === 'purge') purges.at(isLate ? 'late' : 'done').add();
      else if (kind === 'pending purge') purges.at('pending').add();
    },
    'gateway:store': (published) => {
      const { kind, call, durationMs, fault = 'none', role, isUp, state } = published as StoreEvent;
      if (kind === 'call') calls.at(call, fault).observe(durationMs / 1_000);
      else if (kind === 'connection') {
        up.set({ role }, isUp ? 1 : 0);
        breakers.inc({ role }, 0);
      } else breakers.set({ role }, state === 'open' ? 1 : 0);
    },
    'gateway:rate-limit': (published) => {
      const { kind, set, by } = published as RateLimitEvent;
      if (kind === 'granted') limits.at(set, 'granted', by).add();
      else if (kind === 'refused') limits.at(set, 'refused', by).add();
      else if (kind === 'closed') limits.at(set, 'refused', 'store is away').add();
      else if (kind === 'address refused') limits.at('address', 'refused', 'memory').add();
    },
    'gateway:authentication': (published) => {
      const { kind } = published as { readonly kind: string };
      if (kind !== 'keys') authentications.at(kind).add();
    },
    'gateway:unknown-operation': (published) => {
      const { isRefused } = published as { readonly isRefused: boolean };
      unknown.at(isRefused ? 'refused' : 'answered').add();
    },
  };
  for (const [name, listener] of Object.entries(listeners)) subscribe(name, listener);
  return {
    close: async () => {
      for (const [name, listener] of Object.entries(listeners)) unsubscribe(name, listener);
    },
  };
}
