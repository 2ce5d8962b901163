import { Ago, Card, To } from './parts.tsx';
import type { ListedType } from './types-page.tsx';

export interface ListedSubgraph {
  readonly name: string;
  readonly url: string | null;
  readonly updatedAt: string;
  readonly owners: readonly string[];
  readonly lastPublish: { readonly number: number; readonly actor: string; readonly createdAt: string } | null;
}

export interface SubgraphTableProps {
  readonly subgraphs: readonly ListedSubgraph[];
  readonly types: readonly ListedType[];
}

/** Who owns which subgraph, and when it was published last. */
export function SubgraphTable({ subgraphs, types }: SubgraphTableProps) {
  const sharesOf = (name: string) => types.flatMap(({ shares }) => shares.filter(({ subgraph }) => subgraph === name));
  return (
    <Card title="Subgraphs" note="Owners are the keys that may publish this one alone">
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Subgraph</th>
              <th scope="col">Owner</th>
              <th scope="col">Published</th>
              <th scope="col" class="number">
                Types
              </th>
              <th scope="col" class="number">
                Fields
              </th>
            </tr>
          </thead>
          <tbody>
            {subgraphs.map(({ name, url, owners, lastPublish, updatedAt }) => (
              <tr key={name}>
                <th scope="row">
                  <To page="subgraphs" detail={name}>
                    {name}
                  </To>
                  <span class="under wrap">{url ?? 'no routing URL'}</span>
                </th>
                <td>{owners.length > 0 ? owners.join(', ') : <span class="faint">nobody alone</span>}</td>
                <td>
                  <Ago at={lastPublish?.createdAt ?? updatedAt} />
                  {lastPublish !== null && (
                    <span class="under">
                      version{' '}
                      <To page="history" detail={lastPublish.number}>
                        {lastPublish.number}
                      </To>
                      , {lastPublish.actor}
                    </span>
                  )}
                </td>
                <td class="number">{sharesOf(name).length}</td>
                <td class="number">{sharesOf(name).reduce((sum, { fieldCount }) => sum + fieldCount, 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
