import { useContext, useState } from 'preact/hooks';
import { Card, Chips, Loaded, Title, To } from './parts.tsx';
import { showSome } from './show.ts';
import { useAsked } from './use-asked.ts';
import { Viewing } from './viewing.ts';

export interface ListedType {
  readonly name: string;
  readonly kind: TypeKind;
  readonly isEntity: boolean;
  readonly isHidden: boolean;
  readonly fieldCount: number;
  readonly shares: readonly {
    readonly subgraph: string;
    readonly keys: readonly string[];
    readonly fieldCount: number;
  }[];
}

export type TypeKind = 'OBJECT' | 'INTERFACE' | 'INPUT_OBJECT' | 'UNION' | 'ENUM' | 'SCALAR';

/** As people say it. */
export const KINDS: Readonly<Record<TypeKind, string>> = {
  OBJECT: 'object',
  INTERFACE: 'interface',
  INPUT_OBJECT: 'input',
  UNION: 'union',
  ENUM: 'enum',
  SCALAR: 'scalar',
};

const QUERY = `query Types($graph: ID!, $variant: String!) {
  graph(id: $graph) { variant(name: $variant) {
    types { name kind isEntity isHidden fieldCount shares { subgraph keys fieldCount } }
  } }
}`;

const MOST_ROWS = 300;

/** All types, to look one up. */
export function TypesPage() {
  const { graphId, variant } = useContext(Viewing);
  const [part, setPart] = useState('');
  const asked = useAsked<{ graph: { variant: { types: readonly ListedType[] | null } | null } | null }>(QUERY, {
    graph: graphId,
    variant,
  });
  return (
    <div class="page">
      <div class="page-head">
        <Title text="Types" />
        <div class="field">
          <label class="unseen" for="part">
            Part of a name, or a subgraph
          </label>
          <input
            id="part"
            class="input"
            type="search"
            value={part}
            placeholder="Name or subgraph"
            onInput={({ currentTarget }) => setPart(currentTarget.value)}
          />
        </div>
      </div>
      <Loaded asked={asked}>
        {({ graph }) => <Rows types={graph?.variant?.types ?? []} part={part.trim().toLowerCase()} />}
      </Loaded>
    </div>
  );
}

function Rows({ types, part }: { readonly types: readonly ListedType[]; readonly part: string }) {
  const found = types.filter(
    ({ name, shares }) =>
      name.toLowerCase().includes(part) || shares.some(({ subgraph }) => subgraph.toLowerCase() === part),
  );
  return (
    <Card
      title={showSome(found.length, 'type')}
      note={found.length > MOST_ROWS ? `The first ${MOST_ROWS} are shown` : undefined}
    >
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Type</th>
              <th scope="col">Kind</th>
              <th scope="col">From</th>
              <th scope="col" class="number">
                Fields
              </th>
            </tr>
          </thead>
          <tbody>
            {found.slice(0, MOST_ROWS).map(({ name, kind, isEntity, isHidden, fieldCount, shares }) => (
              <tr key={name}>
                <th scope="row">
                  <To page="types" detail={name}>
                    {name}
                  </To>
                </th>
                <td class="soft tight">
                  {KINDS[kind]} {isEntity && <span class="badge accent">entity</span>}{' '}
                  {isHidden && <span class="badge">hidden from clients</span>}
                </td>
                <td>
                  <Chips names={shares.map(({ subgraph }) => subgraph)} />
                </td>
                <td class="number">{fieldCount === 0 ? '–' : fieldCount}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
