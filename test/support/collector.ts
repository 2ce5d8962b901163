import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { Running } from '../../service/run.ts';

/** A span as it comes over OTLP, in JSON. */
export interface CollectedSpan {
  readonly service: string;
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code: number };
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What takes spans by OTLP over HTTP, in place of a collector. */
export interface Collector extends Running {
  /** Where they are sent. */
  readonly endpoint: string;
  readonly spans: CollectedSpan[];
  /** What it answers from now on; `hang`: nothing. */
  answer: number | 'hang';
  readonly requests: () => number;
}

type Value = Readonly<Record<string, unknown>>;

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<CollectedSpan, 'service' | 'attributes'> & {
        readonly attributes: readonly KeyValue[];
      })[];
    }[];
  }[];
}

interface KeyValue {
  readonly key: string;
  readonly value: Value;
}

export async function startCollector(): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const held = new Set<ServerResponse>();
  let requests = 0;
  const server = createServer(async (request, response) => {
    requests++;
    if (collector.answer === 'hang') return void held.add(response);
    if (collector.answer !== 200) return void response.writeHead(collector.answer).end();
    const { resourceSpans } = (await json(request)) as Export;
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = String(toRecord(resource.attributes)['service.name']);
      for (const scope of scopeSpans)
        spans.push(...scope.spans.map((span) => ({ ...span, service, attributes: toRecord(span.attributes) })));
    }
    response.setHeader('content-type', 'application/json').end('{"partialSuccess":{}}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const collector: Collector = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`,
    spans,
    answer: 200,
    requests: () => requests,
    close: async () => {
      for (const response of held) response.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return collector;
}

function toRecord(attributes: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
