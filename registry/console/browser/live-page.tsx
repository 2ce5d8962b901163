import { useContext, useState } from 'preact/hooks';
import { LineChart } from './line-chart.tsx';
import { type LiveOperation, OperationTable } from './operation-table.tsx';
import { Loaded, Title } from './parts.tsx';
import { showMs, showPart, showRate, showSome } from './show.ts';
import { useAsked } from './use-asked.ts';
import { Viewing } from './viewing.ts';

/** What some requests came to. */
export interface LiveFigures {
  readonly at: string | null;
  readonly requestsPerSecond: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly errorRatio: number | null;
  readonly cachedRatio: number | null;
}

interface Live {
  readonly gateways: number;
  readonly total: LiveFigures;
  readonly series: readonly LiveFigures[];
  readonly operations: readonly LiveOperation[];
}

const QUERY = `query Live($graph: ID!, $variant: String!, $minutes: Int!) {
  graph(id: $graph) { variant(name: $variant) { live(minutes: $minutes) {
    gateways
    total { ...Figures }
    series { ...Figures }
    operations { name hash requests figures { ...Figures } }
  } } }
}
fragment Figures on LiveFigures { at requestsPerSecond p50Ms p99Ms errorRatio cachedRatio }`;

const SPANS = [1, 5, 15] as const;
const EVERY_MS = 3_000;
/** The registry tells of spans of five seconds. */
const STEPS_A_MINUTE = 12;

/** What the gateways do now, by their own numbers. */
export function LivePage() {
  const { graphId, variant } = useContext(Viewing);
  const [minutes, setMinutes] = useState<number>(SPANS[1]);
  const asked = useAsked<{ graph: { variant: { live: Live } | null } | null }>(
    QUERY,
    { graph: graphId, variant, minutes },
    EVERY_MS,
  );
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <Title text="Live" />
          <p class="lead">What the gateways have answered, by their own numbers, a few seconds ago.</p>
        </div>
        <fieldset class="choices" aria-label="The last">
          {SPANS.map((span) => (
            <button key={span} type="button" aria-pressed={span === minutes} onClick={() => setMinutes(span)}>
              {span} min
            </button>
          ))}
        </fieldset>
      </div>
      <Loaded asked={asked}>
        {({ graph }) =>
          graph?.variant ? (
            <Numbers {...graph.variant.live} minutes={minutes} />
          ) : (
            <p class="lead">There is no such variant.</p>
          )
        }
      </Loaded>
    </div>
  );
}

/** What is not known yet, because nobody has reported for so long, is empty. */
function pad(values: readonly (number | null)[], minutes: number): readonly (number | null)[] {
  const missing = Math.max(0, minutes * STEPS_A_MINUTE - values.length);
  return [...Array.from({ length: missing }, () => null), ...values];
}

function Numbers({ gateways, total, series, operations, minutes }: Live & { readonly minutes: number }) {
  const span = `${minutes} min`;
  const track = (read: (figures: LiveFigures) => number | null) => pad(series.map(read), minutes);
  return (
    <>
      {gateways === 0 ? (
        <p class="banner quiet">
          No gateway reports live numbers now. One that follows this registry does so every five seconds.
        </p>
      ) : (
        <p class="dots">
          <span>
            <span class="badge good">
              <span class="pulse" aria-hidden="true" /> {showSome(gateways, 'gateway reports', 'gateways report')}
            </span>
          </span>
        </p>
      )}
      <div class="charts">
        <LineChart
          title="Requests per second"
          span={span}
          value={showRate(total.requestsPerSecond)}
          unit="/s"
          show={showRate}
          tracks={[track(({ requestsPerSecond }) => requestsPerSecond)]}
        />
        <LineChart
          title="Latency, p99 and p50 (dashed)"
          span={span}
          value={showMs(total.p99Ms)}
          show={showMs}
          unit={`p99, ${showMs(total.p50Ms)} p50`}
          tracks={[track(({ p99Ms }) => p99Ms), track(({ p50Ms }) => p50Ms)]}
        />
        <LineChart
          title="Answers with errors"
          span={span}
          value={showPart(total.errorRatio)}
          unit="of requests"
          show={showPart}
          tracks={[track(({ errorRatio }) => errorRatio)]}
        />
        <LineChart
          title="Answered from the cache"
          span={span}
          value={showPart(total.cachedRatio)}
          unit="of requests"
          show={showPart}
          top={1}
          tracks={[track(({ cachedRatio }) => cachedRatio)]}
        />
      </div>
      <OperationTable operations={operations} minutes={minutes} />
    </>
  );
}
