import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { ERRORS } from '../gateway/errors.ts';
import { METRICS } from '../gateway/metric-table.ts';
import { HTTP_METRICS } from '../service/http-metrics.ts';
import type { MetricTable } from '../service/metric-definition.ts';
import { createMetrics } from '../service/metrics.ts';
import { COMPOSE_SERVICES } from './support/compose-file.ts';
import { namesIn } from './support/promql.ts';
import { itWithPromtool, runPromtool } from './support/promtool.ts';

const FOLDER = fileURLToPath(new URL('../observability/', import.meta.url));
const read = (path: string) => readFileSync(join(FOLDER, path), 'utf8');

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

interface Dashboard {
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: string }[] };
}

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}

const DASHBOARDS = globSync('dashboards/*.json', { cwd: FOLDER })
  .sort()
  .map((path) => ({ path, ...(JSON.parse(read(path)) as Dashboard) }));
const RULES = (parse(read('alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules);

/** Every expression with where it stands, and what of its labels is shown. */
const EXPRESSIONS = [
  ...RULES.map(({ alert, expr, annotations }) => ({
    where: `alerts.yml: ${alert}`,
    expr,
    shown: [...annotations.summary.matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label),
  })),
  ...DASHBOARDS.flatMap(({ path, panels }) =>
    panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr, legendFormat }) => ({
        where: `${path}: ${title}`,
        // As Grafana fills it in.
        expr: expr.replaceAll('$__rate_interval', '1m'),
        shown: [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label),
      })),
    ),
  ),
];

describe('what is kept for Prometheus and Grafana', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-observability-'));
  /** The labels of each series that is there: those of our tables, those of the process as they are scraped, and Prometheus' own. */
  const labelsOf = new Map<string, ReadonlySet<string>>([['up', new Set()]]);

  beforeAll(async () => {
    const add = (name: string, type: string, labels: readonly string[]) => {
      const series = type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => `${name}${end}`) : [name];
      for (const each of series) labelsOf.set(each, new Set(labels));
    };
    const { text } = await createMetrics({}).scrape(undefined);
    for (const [, name = '', type = ''] of text.matchAll(/^# TYPE (\w+) (\w+)$/gm)) {
      const labels = text.match(new RegExp(`^${name}\\{(.*)\\} \\S+$`, 'm'))?.[1] ?? '';
      add(name, type, labels.match(/\w+(?==)/g) ?? []);
    }
    const ours: MetricTable = { ...METRICS, ...HTTP_METRICS };
    for (const [name, { type, labels }] of Object.entries(ours)) add(name, type, labels);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  itWithPromtool('is a configuration and rules as Prometheus wants them', async () => {
    for (const check of [
      ['config', 'prometheus.yml'],
      ['rules', 'alerts.yml'],
    ] as const)
      expect(await runPromtool([check[0], join(FOLDER, check[1])])).toMatchObject({ exitCode: 0 });
  });

  itWithPromtool('asks for nothing that Prometheus does not understand', async () => {
    expect(EXPRESSIONS.length).toBeGreaterThan(60);
    const rules = EXPRESSIONS.map(({ expr }, index) => ({ record: `expression:${index}`, expr }));
    const file = join(directory, 'rules.yml');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'all', rules }] }));
    const { exitCode, said } = await runPromtool(['rules', file]);
    expect([exitCode, said]).toEqual([0, expect.stringContaining(`${EXPRESSIONS.length} rules found`)]);
  });

  it('names only metrics that are there, and labels that they have', () => {
    const wrong = EXPRESSIONS.flatMap(({ where, expr, shown }) => {
      const { metrics, labels } = namesIn(expr);
      const has = new Set([
        'le',
        'job',
        'service',
        'instance',
        ...metrics.flatMap((name) => [...(labelsOf.get(name) ?? [])]),
      ]);
      return [
        ...(metrics.length === 0 ? [`${where}: no metric`] : []),
        ...metrics.filter((name) => !labelsOf.has(name)).map((name) => `${where}: ${name}`),
        ...[...labels, ...shown].filter((label) => !has.has(label)).map((label) => `${where}: ${label}`),
      ];
    });
    expect(wrong).toEqual([]);
  });

  it('has a panel or a rule for each metric of the gateway', () => {
    const named = new Set(EXPRESSIONS.flatMap(({ expr }) => namesIn(expr).metrics));
    const missing = Object.keys(METRICS).filter(
      (name) => !['', '_count', '_bucket'].some((end) => named.has(`${name}${end}`)),
    );
    expect(missing).toEqual([]);
  });

  it('names only codes of errors that there are', () => {
    const named = RULES.flatMap(({ expr }) => [...expr.matchAll(/code=~"([^"]+)"/g)]).flatMap(([, codes = '']) =>
      codes.split('|'),
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((code) => !(code in ERRORS))).toEqual([]);
  });

  it('tells of each alert what it is and how bad', () => {
    expect(new Set(RULES.map(({ alert }) => alert)).size).toBe(RULES.length);
    for (const { labels, annotations } of RULES) {
      expect(labels.severity).toMatch(/^(critical|warning)$/);
      expect(annotations.summary).not.toBe('');
    }
  });

  it('has dashboards by the names of their files, whose panels have a place each, and numbers by the data source', () => {
    const { datasources } = parse(read('grafana/datasources.yml')) as { datasources: { uid: string; url: string }[] };
    const [source] = datasources;
    expect(DASHBOARDS.map(({ path }) => path)).toEqual([
      'dashboards/cache-and-upstreams.json',
      'dashboards/traffic.json',
    ]);
    for (const { path, uid, panels, templating } of DASHBOARDS) {
      expect(path).toBe(`dashboards/${uid}.json`);
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      const sources = panels.filter(({ type }) => type !== 'row').map(({ datasource }) => datasource?.uid);
      expect(new Set(sources)).toEqual(new Set([source?.uid]));
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`),
      );
      expect(new Set(cells).size).toBe(cells.length);
      expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
      for (const { query } of templating.list) expect(labelsOf.has(/\((\w+),/.exec(query)?.[1] ?? '')).toBe(true);
    }
    expect(source?.url).toBe('http://prometheus:9090');
    expect(COMPOSE_SERVICES.prometheus?.ports).toEqual(['127.0.0.1:9090:9090']);
  });
});
