/** How many rows a list begins with, and gets more each time. */
export const STEP = 25;
const MOST = 200;

interface EarlierProps {
  /** How many rows there are, of how many that were asked for. */
  readonly count: number;
  readonly first: number;
  readonly setFirst: (first: number) => void;
  /** What they are. */
  readonly what: string;
}

/** Asks for more rows, as long as there may be some. */
export function Earlier({ count, first, setFirst, what }: EarlierProps) {
  if (count < first || first >= MOST) return null;
  return (
    <p>
      <button type="button" class="button" onClick={() => setFirst(Math.min(first + STEP, MOST))}>
        Earlier {what}
      </button>
    </p>
  );
}
