import type { Judgement } from './judge.ts';
import { HTTP_PROXY, NGINX } from './proxies.ts';
import { MEASURES, type Readings } from './readings.ts';

/** Tables as Markdown whose columns are also in line on a terminal. */

type Row = Readonly<Record<string, string | number>>;

export function table(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [names, ...rows.map((row) => names.map((name) => String(row[name] ?? '')))];
  const widths = names.map((_, column) => Math.max(3, ...cells.map((line) => line[column]?.length ?? 0)));
  const line = (values: readonly string[]) =>
    `| ${values.map((value, at) => value.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(names), line(widths.map((width) => '-'.repeat(width))), ...cells.slice(1).map(line)].join('\n');
}

/** A number in three or four digits. */
export const brief = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value)
    ? ''
    : value >= 100
      ? value.toFixed(0)
      : value >= 10
        ? value.toFixed(1)
        : value.toFixed(2);

/** Columns that have no place of their own in the table of a load. */
const COLUMNS = MEASURES.filter((measure) => !['req/s', 'p99/p50', 'failures'].includes(measure));

/** Against whom throughput is told, where they were measured. */
const BASES = ['stock', NGINX, HTTP_PROXY];

/** All that was measured under one load, a gateway a row. */
export function loadTable(load: string, readings: Readings): string {
  const bases = BASES.flatMap((base) => {
    const rate = readings.get(load, base, 'req/s');
    return rate === undefined ? [] : [{ base, rate }];
  });
  const columns = COLUMNS.filter((measure) =>
    readings.gateways(load).some((gateway) => readings.get(load, gateway, measure) !== undefined),
  );
  return table(
    readings.gateways(load).map((gateway) => {
      const rates = readings.all(load, gateway, 'req/s');
      const rate = readings.get(load, gateway, 'req/s');
      const failures = readings.all(load, gateway, 'failures').reduce((sum, count) => sum + count, 0);
      return {
        gateway,
        ...(rate === undefined
          ? {}
          : {
              'req/s': brief(rate),
              spread: `${brief(Math.min(...rates))}–${brief(Math.max(...rates))}`,
              ...Object.fromEntries(bases.map((one) => [`× ${one.base}`, brief(rate / one.rate)])),
            }),
        ...Object.fromEntries(columns.map((measure) => [measure, brief(readings.get(load, gateway, measure))])),
        failures,
      };
    }),
  );
}

/** The targets and what became of them. */
export function targetTable(judgements: readonly Judgement[]): string {
  const judged = judgements.map(({ target, title, value, spread, verdict }) => ({
    target: title,
    value: brief(value),
    spread: spread === undefined ? '' : `${brief(spread[0])}–${brief(spread[1])}`,
    must: `${target.want === 'at least' ? '≥' : '≤'} ${target.must}`,
    goal: target.goal ?? '',
    verdict,
  }));
  return table(judged);
}
