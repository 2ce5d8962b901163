import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSpanSink, type Span, type SpanSink } from '../../service/spans.ts';
import { newSpanId, newTraceId } from '../../service/trace-context.ts';
import { type Collector, startCollector } from '../support/collector.ts';
import { createTestLog } from '../support/log-lines.ts';
import { until } from '../support/until.ts';

const span = (name = 'span'): Span => ({
  ...{ name, kind: 'server', traceId: newTraceId(), spanId: newSpanId(), parentSpanId: undefined },
  ...{ begun: 1, ended: 2, attributes: { 'http.response.status_code': 200, left: undefined }, isFailed: false },
});
const spans = (count: number) => Array.from({ length: count }, () => span());

describe('the way of spans to a collector', () => {
  let collector: Collector;
  let sink: SpanSink;
  let lines: readonly string[];

  beforeEach(async () => {
    collector = await startCollector();
    const log = createTestLog();
    lines = log.lines.all;
    sink = openSpanSink({ endpoint: collector.endpoint, service: 'test', log: log.log, delayMs: 5 });
  });
  afterEach(async () => {
    await sink.close();
    await collector.close();
  });
  const said = (text: string) => lines.filter((line) => line.includes(text)).length;

  it('sends them with their attributes, and what still waits when it is closed', async () => {
    sink.send([span('first')]);
    await until(() => collector.spans.length === 1);
    expect(collector.spans[0]).toMatchObject({
      ...{ service: 'test', name: 'first', attributes: { 'http.response.status_code': 200 }, status: { code: 0 } },
    });
    expect(collector.spans[0]?.attributes).not.toHaveProperty('left');
    sink.send([span('last')]);
    await sink.close();
    expect(collector.spans.map(({ name }) => name)).toEqual(['first', 'last']);
    expect(sink.look()).toEqual({ sent: 2, lost: 0 });
  });

  it('warns once when they are not taken, counts what is lost, and says when they are taken again', async () => {
    collector.answer = 400;
    for (let time = 1; time <= 3; time++) {
      sink.send([span()]);
      await until(() => sink.look().lost === time);
    }
    expect(said('spans cannot be sent')).toBe(1);
    collector.answer = 200;
    sink.send([span()]);
    await until(() => sink.look().sent === 1);
    expect(said('spans can be sent again')).toBe(1);
  });

  it('keeps no more than it may while the collector does not answer', async () => {
    collector.answer = 'hang';
    sink.send([span()]);
    await until(() => collector.requests() === 1);
    for (let time = 0; time < 20; time++) sink.send(spans(1_000));
    expect(sink.look().lost).toBe(20_000 - 8_192);
  });
});

describe('ids', () => {
  it('are of the right length, and differ', () => {
    const ids = Array.from({ length: 2_000 }, newTraceId);
    expect(new Set(ids).size).toBe(2_000);
    expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
    expect(newSpanId()).toMatch(/^[0-9a-f]{16}$/);
  });
});
