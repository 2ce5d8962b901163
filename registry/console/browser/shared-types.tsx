import { Card, To } from './parts.tsx';
import type { ListedType } from './types-page.tsx';

export interface SharedTypesProps {
  readonly subgraphs: readonly string[];
  readonly types: readonly ListedType[];
}

const MOST_COLUMNS = 12;

/** What the picture shows, as a table: how many fields of a type come from which subgraph. */
export function SharedTypes({ subgraphs, types }: SharedTypesProps) {
  const shown = types.filter(
    ({ kind, isEntity, shares }) => (kind === 'OBJECT' || kind === 'INTERFACE') && (isEntity || shares.length > 1),
  );
  // With more columns than fit a screen, names say it better.
  const isWide = subgraphs.length > MOST_COLUMNS;
  return (
    <Card title="Types that subgraphs share" note="How many of a type’s fields each can be asked for">
      {shown.length === 0 ? (
        <p class="empty">No type is in more than one subgraph.</p>
      ) : (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Type</th>
                <th scope="col">Keys</th>
                {isWide ? (
                  <th scope="col">Subgraphs</th>
                ) : (
                  subgraphs.map((name) => (
                    <th key={name} scope="col" class="number">
                      {name}
                    </th>
                  ))
                )}
              </tr>
            </thead>
            <tbody>
              {shown.map(({ name, shares }) => (
                <tr key={name}>
                  <th scope="row">
                    <To page="types" detail={name}>
                      {name}
                    </To>
                  </th>
                  <td class="soft mono">{[...new Set(shares.flatMap(({ keys }) => keys))].join(' · ') || '–'}</td>
                  {isWide ? (
                    <td>{shares.map(({ subgraph, fieldCount }) => `${subgraph} ${fieldCount}`).join(', ')}</td>
                  ) : (
                    subgraphs.map((subgraph) => (
                      <Share key={subgraph} share={shares.find((one) => one.subgraph === subgraph)} />
                    ))
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function Share({ share }: { readonly share: { readonly fieldCount: number } | undefined }) {
  return share === undefined ? (
    <td class="number faint">
      <span aria-hidden="true">·</span>
      <span class="unseen">none</span>
    </td>
  ) : (
    <td class="number">{share.fieldCount}</td>
  );
}
