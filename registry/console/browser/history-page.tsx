import { useContext, useState } from 'preact/hooks';
import { Earlier, STEP } from './earlier.tsx';
import { Ago, Card, Loaded, Title, To } from './parts.tsx';
import { showSome } from './show.ts';
import { useAsked } from './use-asked.ts';
import { Viewing } from './viewing.ts';

/** A version as lists show it. */
export interface ListedVersion {
  readonly number: number;
  readonly kind: VersionKind;
  readonly subgraph: string | null;
  readonly origin: number | null;
  readonly isCurrent: boolean;
  readonly composed: boolean;
  readonly actor: string;
  readonly createdAt: string;
}

export type VersionKind = 'publish' | 'delete' | 'rollback' | 'contract';

interface Row extends ListedVersion {
  readonly changes: readonly { readonly isBreaking: boolean }[];
  readonly errors: readonly { readonly code: string }[];
  readonly git: { readonly commit: string | null; readonly message: string | null } | null;
}

const QUERY = `query History($graph: ID!, $variant: String!, $first: Int!) {
  graph(id: $graph) { variant(name: $variant) { versions(first: $first) {
    number kind subgraph origin isCurrent composed actor createdAt
    changes { isBreaking } errors { code } git { commit message }
  } } }
}`;

const EVERY_MS = 15_000;

/** What was done to the variant, newest first. */
export function HistoryPage() {
  const { graphId, variant } = useContext(Viewing);
  const [first, setFirst] = useState(STEP);
  const asked = useAsked<{ graph: { variant: { versions: readonly Row[] } | null } | null }>(
    QUERY,
    { graph: graphId, variant, first },
    EVERY_MS,
  );
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <Title text="History" />
          <p class="lead">
            Whatever changes the variant makes a version, which is never altered. Each can be served again.
          </p>
        </div>
      </div>
      <Loaded asked={asked}>
        {({ graph }) => {
          const versions = graph?.variant?.versions ?? [];
          return (
            <>
              <Versions versions={versions} />
              <Earlier count={versions.length} first={first} setFirst={setFirst} what="versions" />
            </>
          );
        }}
      </Loaded>
    </div>
  );
}

function Versions({ versions }: { readonly versions: readonly Row[] }) {
  return (
    <Card title="Versions">
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">What</th>
              <th scope="col">For clients</th>
              <th scope="col">By</th>
              <th scope="col">When</th>
            </tr>
          </thead>
          <tbody>
            {versions.map((version) => (
              <tr key={version.number} class={version.isCurrent ? 'fresh' : ''}>
                <th scope="row" class="tight">
                  <To page="history" detail={version.number}>
                    {version.number}
                  </To>{' '}
                  <Standing {...version} />
                </th>
                <td>
                  {describeVersion(version)}
                  {version.git?.message && <span class="under wrap">{version.git.message.split('\n')[0]}</span>}
                </td>
                <td class="soft">{summarize(version)}</td>
                <td class="soft">
                  {version.actor}
                  {version.git?.commit && <span class="under mono">{version.git.commit.slice(0, 10)}</span>}
                </td>
                <td class="soft">
                  <Ago at={version.createdAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

/** Whether a version is served, or never could be. */
export function Standing({ isCurrent, composed }: Pick<ListedVersion, 'isCurrent' | 'composed'>) {
  if (isCurrent) return <span class="badge accent">served</span>;
  return composed ? null : <span class="badge bad">does not compose</span>;
}

/** `orders was published` */
export function describeVersion({
  kind,
  subgraph,
  origin,
}: Pick<ListedVersion, 'kind' | 'subgraph' | 'origin'>): string {
  switch (kind) {
    case 'publish':
      return `${subgraph ?? 'A subgraph'} was published`;
    case 'delete':
      return `${subgraph ?? 'A subgraph'} was taken out`;
    case 'rollback':
      return `Version ${origin ?? '?'} was served again`;
    case 'contract':
      return `Made of version ${origin ?? '?'} of its source`;
  }
}

function summarize({ number, changes, errors, composed }: Row): string {
  if (!composed) return showSome(errors.length, 'error');
  const breaking = changes.filter(({ isBreaking }) => isBreaking).length;
  if (changes.length === 0) return number === 1 ? 'the first version' : 'no change';
  return `${showSome(changes.length, 'change')}${breaking === 0 ? '' : `, ${breaking} breaking`}`;
}
