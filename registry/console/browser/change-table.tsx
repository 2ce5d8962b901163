import { MarkedText } from './marked-text.tsx';
import { Card } from './parts.tsx';
import { showSome } from './show.ts';

export interface ListedChange {
  readonly code: string;
  readonly coordinate: string;
  readonly description: string;
  readonly isBreaking: boolean;
}

/** What clients see of a version, against the one that was served before; what may break them first. */
export function ChangeTable({ changes }: { readonly changes: readonly ListedChange[] }) {
  const breaking = changes.filter(({ isBreaking }) => isBreaking);
  const sorted = [...breaking, ...changes.filter(({ isBreaking }) => !isBreaking)];
  const note = breaking.length === 0 ? undefined : `${breaking.length} of them may break a client`;
  return (
    <Card title={`${showSome(changes.length, 'change')} for clients`} note={note}>
      {changes.length === 0 ? (
        <p class="empty">Clients see the same as before, or this is the first version.</p>
      ) : (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Where</th>
                <th scope="col">What</th>
                <th scope="col">Code</th>
              </tr>
            </thead>
            <tbody>
              {sorted.map(({ code, coordinate, description, isBreaking }) => (
                <tr key={`${code} ${coordinate} ${description}`}>
                  <th scope="row" class="mono wrap">
                    {coordinate}
                  </th>
                  <td>
                    <MarkedText text={description} /> {isBreaking && <span class="badge bad">breaking</span>}
                  </td>
                  <td class="mono faint tight">{code}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
