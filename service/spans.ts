import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { Log } from './logs.ts';
import type { Running } from './run.ts';

/** One piece of work, as it is told to a collector when it has ended. */
export interface Span {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'internal';
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  /** By `performance.now()`. */
  readonly begun: number;
  readonly ended: number;
  /** Names of OpenTelemetry's semantic conventions, and below `tributary.` our own; what is `undefined` is not told. */
  readonly attributes: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly isFailed: boolean;
}

export interface SpanSinkOptions {
  /** Of OTLP over HTTP: `http://collector:4318/v1/traces`. */
  readonly endpoint: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whose work it is. */
  readonly service: string;
  readonly log: Pick<Log, 'info' | 'warn'>;
  /** How long spans wait for others to be sent with. */
  readonly delayMs?: number;
}

/** Where spans go. */
export interface SpanSink extends Running {
  /** Takes spans, and returns at once. */
  send(spans: readonly Span[]): void;
  /** How many were sent, and how many were lost: because too many waited, or the collector did not take them. */
  look(): { readonly sent: number; readonly lost: number };
}

/** More are dropped: a collector that is away must not cost memory. */
const MOST_WAITING = 8_192;
const MOST_AT_ONCE = 512;
const EXPORT_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 2_000;

/** Opens a way to a collector. That it is away is said once; closing sends what waits, if that is taken within 2 s. */
export function openSpanSink({ endpoint, headers = {}, service, log, delayMs = 1_000 }: SpanSinkOptions): SpanSink {
  const exporter = new OTLPTraceExporter({ url: endpoint, headers: { ...headers }, timeoutMillis: EXPORT_TIMEOUT_MS });
  const resource = resourceFromAttributes({ 'service.name': service, 'service.namespace': 'tributary' });
  let waiting: Span[] = [];
  let timer: NodeJS.Timeout | undefined;
  let exporting: Promise<void> | undefined;
  let isAway = false;
  let sent = 0;
  let lost = 0;

  function exportSome(): Promise<void> {
    const batch = waiting.splice(0, MOST_AT_ONCE);
    return new Promise((resolve) =>
      exporter.export(
        batch.map((span) => toReadable(span, resource)),
        ({ code, error }) => {
          const isTaken = code === 0;
          if (isTaken) sent += batch.length;
          else lost += batch.length;
          if (!isTaken && !isAway)
            log.warn({ endpoint, err: error }, 'spans cannot be sent; those until they can are lost');
          if (isTaken && isAway) log.info({ endpoint }, 'spans can be sent again');
          isAway = !isTaken;
          resolve();
        },
      ),
    );
  }

  async function exportAll(): Promise<void> {
    while (waiting.length > 0) await exportSome();
  }

  function schedule(): void {
    if (timer !== undefined || exporting !== undefined || waiting.length === 0) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        exporting = exportAll().finally(() => {
          exporting = undefined;
          schedule();
        });
      },
      waiting.length >= MOST_AT_ONCE ? 0 : delayMs,
    );
    timer.unref();
  }

  return {
    send: (spans) => {
      const room = MOST_WAITING - waiting.length;
      lost += Math.max(0, spans.length - room);
      waiting.push(...(spans.length > room ? spans.slice(0, room) : spans));
      schedule();
    },
    look: () => ({ sent, lost }),
    close: async () => {
      clearTimeout(timer);
      const all = (exporting ?? Promise.resolve()).then(exportAll);
      let late: NodeJS.Timeout | undefined;
      const timeIsUp = new Promise<void>((resolve) => {
        late = setTimeout(resolve, CLOSE_TIMEOUT_MS);
      });
      await Promise.race([all, timeIsUp]);
      clearTimeout(late);
      lost += waiting.length;
      waiting = [];
      await exporter.shutdown().catch(() => undefined);
    },
  };
}

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL };
const SCOPE = { name: 'tributary' };

function toReadable(span: Span, resource: ReadableSpan['resource']): ReadableSpan {
  const { name, kind, traceId, spanId, parentSpanId, begun, ended, isFailed } = span;
  const attributes = Object.fromEntries(
    Object.entries(span.attributes).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  ) as ReadableSpan['attributes'];
  const context = (id: string) => ({ traceId, spanId: id, traceFlags: TraceFlags.SAMPLED });
  return {
    ...{ name, resource, attributes, instrumentationScope: SCOPE, kind: KINDS[kind] },
    spanContext: () => context(spanId),
    ...(parentSpanId !== undefined && { parentSpanContext: context(parentSpanId) }),
    startTime: toHrTime(performance.timeOrigin + begun),
    endTime: toHrTime(performance.timeOrigin + ended),
    duration: toHrTime(ended - begun),
    status: { code: isFailed ? SpanStatusCode.ERROR : SpanStatusCode.UNSET },
    ...{ links: [], events: [], ended: true },
    ...{ droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
  };
}

/** Seconds and nanoseconds. @param ms since 1970, or a duration */
function toHrTime(ms: number): [number, number] {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.round((ms - seconds * 1_000) * 1e6)];
}
