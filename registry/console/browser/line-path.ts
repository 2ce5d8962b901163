/** Where a line is drawn, and which value is at its top. */
export interface ChartBox {
  readonly width: number;
  readonly height: number;
  readonly top: number;
}

/** A line through the values, from left to right; where there is none it is broken. */
export function linePath(values: readonly (number | null)[], box: ChartBox): string {
  return runs(values)
    .map((run) =>
      run
        .map(({ index, value }, place) => `${place === 0 ? 'M' : 'L'}${pointAt(index, value, values.length, box)}`)
        .join(''),
    )
    .join('');
}

/** What is below that line. */
export function areaPath(values: readonly (number | null)[], box: ChartBox): string {
  return runs(values)
    .map((run) => {
      const [first, last] = [run[0], run.at(-1)];
      if (first === undefined || last === undefined) return '';
      const points = run.map(({ index, value }) => `L${pointAt(index, value, values.length, box)}`).join('');
      const [left] = pointAt(first.index, 0, values.length, box).split(' ');
      const [right] = pointAt(last.index, 0, values.length, box).split(' ');
      return `M${left} ${box.height}${points}L${right} ${box.height}Z`;
    })
    .join('');
}

/** A round number that is as high as a value, or a little higher: 1, 2 or 5 times a power of ten. */
export function scaleTop(highest: number): number {
  if (highest <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(highest));
  return ([1, 2, 5].find((step) => step * power >= highest) ?? 10) * power;
}

interface Point {
  readonly index: number;
  readonly value: number;
}

function runs(values: readonly (number | null)[]): Point[][] {
  const found: Point[][] = [];
  let open: Point[] | undefined;
  values.forEach((value, index) => {
    if (value === null) {
      open = undefined;
      return;
    }
    if (open === undefined) {
      open = [];
      found.push(open);
    }
    open.push({ index, value });
  });
  return found;
}

function pointAt(index: number, value: number, count: number, { width, height, top }: ChartBox): string {
  const x = count <= 1 ? width : (index / (count - 1)) * width;
  const y = height - (Math.min(value, top) / top) * height;
  return `${Math.round(x * 100) / 100} ${Math.round(y * 100) / 100}`;
}
