import type { MetricDefinition } from './metric-definition.ts';

/**
 * Counters and histograms for what happens with every request. prom-client renders them and adds them up, as its own; its own take longer to
 * count than a small request takes to be planned, because they read labels by their names each time. Here, whoever counts often holds on to
 * the series.
 */

/** One number that goes up. */
export class CounterSeries {
  value = 0;

  add(by = 1): void {
    this.value += by;
  }
}

/** A trace as an example of what was observed (OpenMetrics). */
export type ExemplarLabels = Readonly<Record<string, string>>;

interface Exemplar {
  readonly labelSet: ExemplarLabels;
  readonly value: number;
  /** In seconds since 1970. */
  readonly timestamp: number;
}

/** How often what was observed, by buckets. */
export class HistogramSeries {
  readonly #bounds: readonly number[];
  /** Of each bucket by itself; the last has all above. */
  readonly counts: number[];
  readonly exemplars: (Exemplar | undefined)[] = [];
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number, exemplarLabels?: ExemplarLabels): void {
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket++;
    (this.counts[bucket] as number)++;
    // One that is without end would make it so for ever.
    if (Number.isFinite(value)) this.sum += value;
    if (exemplarLabels !== undefined)
      this.exemplars[bucket] = { labelSet: exemplarLabels, value, timestamp: Date.now() / 1_000 };
  }
}

/** A value as prom-client renders it. */
interface Rendered {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly metricName?: string;
  readonly exemplar?: Exemplar;
}

/** The series of one metric, by the values of its labels. */
abstract class Family<Series> {
  /** What renders it changes it for a while. */
  name: string;
  readonly help: string;
  readonly type: 'counter' | 'histogram';
  readonly aggregator = 'sum';
  readonly #labels: readonly string[];
  /** By the value of the first label, then by that of the second, …: no text is put together to find one. */
  readonly #root = new Map<string, unknown>();
  readonly #all: { readonly labels: Readonly<Record<string, string>>; readonly series: Series }[] = [];

  constructor(name: string, { type, help, labels }: MetricDefinition) {
    this.name = name;
    this.help = help;
    this.type = type as 'counter' | 'histogram';
    this.#labels = labels;
  }

  protected abstract make(): Series;
  protected abstract render(series: Series, labels: Readonly<Record<string, string>>): readonly Rendered[];

  /** That of these values, in the order of the definition's labels. */
  at(...values: readonly string[]): Series {
    if (values.length !== this.#labels.length)
      throw new TypeError(`${this.name} has the labels ${this.#labels.join(', ')}`);
    let node = this.#root;
    for (let index = 0; index < values.length - 1; index++) {
      const value = values[index] as string;
      let next = node.get(value) as Map<string, unknown> | undefined;
      if (next === undefined) {
        next = new Map();
        node.set(value, next);
      }
      node = next;
    }
    const last = values.at(-1) ?? '';
    return (node.get(last) as Series | undefined) ?? this.#add(node, last, values);
  }

  #add(node: Map<string, unknown>, last: string, values: readonly string[]): Series {
    const series = this.make();
    node.set(last, series);
    const labels = Object.fromEntries(this.#labels.map((label, index) => [label, values[index] ?? '']));
    this.#all.push({ labels, series });
    return series;
  }

  /** For prom-client. */
  get(): object {
    const { name, help, type, aggregator } = this;
    return {
      name,
      help,
      type,
      aggregator,
      values: this.#all.flatMap(({ labels, series }) => this.render(series, labels)),
    };
  }
}

export class CounterFamily extends Family<CounterSeries> {
  constructor(name: string, definition: MetricDefinition) {
    super(name, definition);
    // Without labels there is one, from the beginning.
    if (definition.labels.length === 0) this.at();
  }

  protected make(): CounterSeries {
    return new CounterSeries();
  }

  protected render({ value }: CounterSeries, labels: Readonly<Record<string, string>>): readonly Rendered[] {
    return [{ labels, value }];
  }
}

export class HistogramFamily extends Family<HistogramSeries> {
  readonly #bounds: readonly number[];

  constructor(name: string, definition: MetricDefinition) {
    super(name, definition);
    this.#bounds = definition.buckets ?? [];
  }

  protected make(): HistogramSeries {
    return new HistogramSeries(this.#bounds);
  }

  protected render(
    { counts, exemplars, sum }: HistogramSeries,
    labels: Readonly<Record<string, string>>,
  ): readonly Rendered[] {
    let total = 0;
    const buckets = counts.map((count, index): Rendered => {
      total += count;
      const exemplar = exemplars[index];
      return {
        labels: { le: this.#bounds[index] ?? '+Inf', ...labels },
        value: total,
        metricName: `${this.name}_bucket`,
        ...(exemplar && { exemplar }),
      };
    });
    return [
      ...buckets,
      { labels, value: sum, metricName: `${this.name}_sum` },
      { labels, value: total, metricName: `${this.name}_count` },
    ];
  }
}
