import { useState } from 'preact/hooks';
import type { LiveFigures } from './live-page.tsx';
import { Card } from './parts.tsx';
import { showMs, showPart, showRate, showSome } from './show.ts';

export interface LiveOperation {
  readonly name: string | null;
  readonly hash: string;
  readonly requests: number;
  readonly figures: LiveFigures;
}

export interface OperationTableProps {
  readonly operations: readonly LiveOperation[];
  readonly minutes: number;
}

interface Column {
  readonly title: string;
  readonly value: (operation: LiveOperation) => number | null;
  readonly show: (operation: LiveOperation) => string;
}

const COLUMNS: readonly Column[] = [
  {
    title: 'Requests /s',
    value: ({ requests }) => requests,
    show: ({ figures }) => showRate(figures.requestsPerSecond),
  },
  { title: 'p50', value: ({ figures }) => figures.p50Ms, show: ({ figures }) => showMs(figures.p50Ms) },
  { title: 'p99', value: ({ figures }) => figures.p99Ms, show: ({ figures }) => showMs(figures.p99Ms) },
  { title: 'Errors', value: ({ figures }) => figures.errorRatio, show: ({ figures }) => showPart(figures.errorRatio) },
  {
    title: 'From cache',
    value: ({ figures }) => figures.cachedRatio,
    show: ({ figures }) => showPart(figures.cachedRatio),
  },
];

/** The same numbers by operation, sorted by any of them. */
export function OperationTable({ operations, minutes }: OperationTableProps) {
  const [sorting, setSorting] = useState({ column: 0, isDescending: true });
  const { value } = COLUMNS[sorting.column] ?? (COLUMNS[0] as Column);
  const order = sorting.isDescending ? -1 : 1;
  const sorted = [...operations].sort((a, b) => order * ((value(a) ?? -1) - (value(b) ?? -1)));
  return (
    <Card title="Operations" note={`${showSome(operations.length, 'operation')} in the last ${minutes} min`}>
      {operations.length === 0 ? (
        <p class="empty">Nothing was asked for.</p>
      ) : (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Operation</th>
                {COLUMNS.map(({ title }, column) => {
                  const isSorted = column === sorting.column;
                  const direction = sorting.isDescending ? 'descending' : 'ascending';
                  return (
                    <th key={title} scope="col" class="number" aria-sort={isSorted ? direction : 'none'}>
                      <button
                        type="button"
                        class="sort"
                        onClick={() => setSorting({ column, isDescending: isSorted ? !sorting.isDescending : true })}
                      >
                        {title} <span aria-hidden="true">{isSorted ? (sorting.isDescending ? '↓' : '↑') : ''}</span>
                      </button>
                    </th>
                  );
                })}
              </tr>
            </thead>
            <tbody>
              {sorted.map((operation) => (
                <tr key={`${operation.hash} ${operation.name}`}>
                  <th scope="row">
                    {operation.name ?? <span class="faint">without a name</span>}
                    {operation.hash !== '' && (
                      <span class="under mono" title={operation.hash}>
                        {operation.hash.slice(0, 12)}
                      </span>
                    )}
                  </th>
                  {COLUMNS.map(({ title, show }) => (
                    <td key={title} class="number">
                      {show(operation)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
