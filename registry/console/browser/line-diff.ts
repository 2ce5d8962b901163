/** A line of the difference between two texts. */
export interface DiffLine {
  /** A gap stands for lines that are the same in both, and far from any that is not. */
  readonly kind: 'same' | 'added' | 'removed' | 'gap';
  readonly text: string;
  /** Which line of the text it is in: of the new one, or of the old one where it was removed. */
  readonly number?: number;
}

const CONTEXT = 3;
/** Cells of the table: above, what is between is shown as removed and added whole. */
const MOST_CELLS = 6_000_000;

/** What differs, line by line (longest common subsequence), with three lines around it. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [old, young] = [toLines(before), toLines(after)];
  let start = 0;
  while (start < old.length && start < young.length && old[start] === young[start]) start++;
  let end = 0;
  while (end < old.length - start && end < young.length - start && old.at(-1 - end) === young.at(-1 - end)) end++;
  const lines: DiffLine[] = [
    ...young.slice(0, start).map((text, index) => same(text, index)),
    ...diffMiddle(old.slice(start, old.length - end), young.slice(start, young.length - end), start),
    ...young.slice(young.length - end).map((text, index) => same(text, young.length - end + index)),
  ];
  return fold(lines);
}

function diffMiddle(old: readonly string[], young: readonly string[], offset: number): DiffLine[] {
  const [rows, columns] = [old.length, young.length];
  if (rows * columns > MOST_CELLS) return [...old.map(removed(offset)), ...young.map(added(offset))];
  // How many lines are common to what follows in both.
  const width = columns + 1;
  const common = new Uint32Array((rows + 1) * width);
  for (let row = rows - 1; row >= 0; row--)
    for (let column = columns - 1; column >= 0; column--)
      common[row * width + column] =
        old[row] === young[column]
          ? (common[(row + 1) * width + column + 1] ?? 0) + 1
          : Math.max(common[(row + 1) * width + column] ?? 0, common[row * width + column + 1] ?? 0);
  const lines: DiffLine[] = [];
  let [row, column] = [0, 0];
  while (row < rows || column < columns) {
    const [was, is] = [old[row], young[column]];
    if (was !== undefined && was === is) {
      lines.push(same(was, offset + column));
      row++;
      column++;
    } else if (
      is === undefined ||
      (was !== undefined && (common[(row + 1) * width + column] ?? 0) >= (common[row * width + column + 1] ?? 0))
    ) {
      lines.push(removed(offset)(was ?? '', row));
      row++;
    } else {
      lines.push(added(offset)(is, column));
      column++;
    }
  }
  return lines;
}

function fold(lines: readonly DiffLine[]): DiffLine[] {
  const isNear = (index: number) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ kind }) => kind !== 'same');
  const folded: DiffLine[] = [];
  let hidden = 0;
  const close = () => {
    if (hidden > 0)
      folded.push({
        kind: 'gap',
        text: hidden === 1 ? '1 line that is the same' : `${hidden} lines that are the same`,
      });
    hidden = 0;
  };
  lines.forEach((line, index) => {
    if (!isNear(index)) {
      hidden++;
      return;
    }
    close();
    folded.push(line);
  });
  close();
  return folded;
}

const toLines = (text: string) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
const same = (text: string, index: number): DiffLine => ({ kind: 'same', text, number: index + 1 });
const removed =
  (offset: number) =>
  (text: string, index: number): DiffLine => ({ kind: 'removed', text, number: offset + index + 1 });
const added =
  (offset: number) =>
  (text: string, index: number): DiffLine => ({ kind: 'added', text, number: offset + index + 1 });
