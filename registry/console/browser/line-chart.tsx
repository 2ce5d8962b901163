import { areaPath, linePath, scaleTop } from './line-path.ts';

export interface LineChartProps {
  readonly title: string;
  /** What it came to over the whole time. */
  readonly value: string;
  readonly unit: string;
  /** How long ago it begins. */
  readonly span: string;
  /** One value for each step of time, null where there is none; the first is the main one. */
  readonly tracks: readonly (readonly (number | null)[])[];
  readonly show: (value: number) => string;
  /** The top of the scale, where it is always the same. */
  readonly top?: number;
}

const WIDTH = 300;
const HEIGHT = 110;

/** How a number went over the last minutes. */
export function LineChart({ title, value, unit, span, tracks, show, top }: LineChartProps) {
  const highest = Math.max(0, ...tracks.flat().map((number) => number ?? 0));
  const scale = top ?? scaleTop(highest);
  const box = { width: WIDTH, height: HEIGHT, top: scale };
  const [main = [], ...others] = tracks;
  return (
    <section class="card chart">
      <h2>{title}</h2>
      <strong>
        {value}
        <small>{unit}</small>
      </strong>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}: over the last ${span} ${value} ${unit}, at most ${show(highest)}`}
      >
        {[0, 0.5, 1].map((part) => (
          <line key={part} class="grid" x1="0" x2={WIDTH} y1={HEIGHT * part} y2={HEIGHT * part} />
        ))}
        <path class="area" d={areaPath(main, box)} />
        {others.map((track, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: tracks have no other name.
          <path key={index} class="track second" d={linePath(track, box)} />
        ))}
        <path class="track" d={linePath(main, box)} />
      </svg>
      <div class="chart-scale" aria-hidden="true">
        <span>{span} ago</span>
        <span>scale to {show(scale)}</span>
        <span>now</span>
      </div>
    </section>
  );
}
