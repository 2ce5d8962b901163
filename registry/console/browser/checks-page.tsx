import { useContext, useState } from 'preact/hooks';
import { Earlier, STEP } from './earlier.tsx';
import { Ago, Card, Loaded, Title, To } from './parts.tsx';
import { useAsked } from './use-asked.ts';
import { Viewing } from './viewing.ts';

/** A check as lists show it. */
export interface ListedCheck {
  readonly id: string;
  readonly status: 'PENDING' | 'PASSED' | 'FAILED';
  readonly subgraph: string | null;
  readonly actor: string;
  readonly createdAt: string;
  readonly git: {
    readonly branch: string | null;
    readonly commit: string | null;
    readonly message: string | null;
  } | null;
}

const QUERY = `query Checks($graph: ID!, $variant: String!, $first: Int!) {
  graph(id: $graph) { variant(name: $variant) { checks(first: $first) {
    id status subgraph actor createdAt git { branch commit message }
  } } }
}`;

const EVERY_MS = 15_000;

/** What was checked before it was published, newest first. */
export function ChecksPage() {
  const { graphId, variant } = useContext(Viewing);
  const [first, setFirst] = useState(STEP);
  const asked = useAsked<{ graph: { variant: { checks: readonly ListedCheck[] } | null } | null }>(
    QUERY,
    { graph: graphId, variant, first },
    EVERY_MS,
  );
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <Title text="Checks" />
          <p class="lead">What a proposed schema would change, for whom, before anybody publishes it.</p>
        </div>
      </div>
      <Loaded asked={asked}>
        {({ graph }) => {
          const checks = graph?.variant?.checks ?? [];
          return (
            <>
              <Rows checks={checks} />
              <Earlier count={checks.length} first={first} setFirst={setFirst} what="checks" />
            </>
          );
        }}
      </Loaded>
    </div>
  );
}

function Rows({ checks }: { readonly checks: readonly ListedCheck[] }) {
  if (checks.length === 0)
    return (
      <Card title="Checks">
        <p class="empty">
          Nothing was checked yet. A team does so with <code>rover subgraph check</code>, best on each pull request.
        </p>
      </Card>
    );
  return (
    <Card title="Checks">
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Subgraph</th>
              <th scope="col">Result</th>
              <th scope="col">Where</th>
              <th scope="col">By</th>
              <th scope="col">When</th>
            </tr>
          </thead>
          <tbody>
            {checks.map(({ id, status, subgraph, git, actor, createdAt }) => (
              <tr key={id}>
                <th scope="row">
                  <To page="checks" detail={id}>
                    {subgraph ?? 'the whole schema'}
                  </To>
                </th>
                <td>
                  <CheckStatus status={status} />
                </td>
                <td class="soft">
                  {git?.branch ?? '–'}
                  {git?.message && <span class="under wrap">{git.message.split('\n')[0]}</span>}
                </td>
                <td class="soft">{actor}</td>
                <td class="soft">
                  <Ago at={createdAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

/** Passed or failed, in words and colour. */
export function CheckStatus({ status }: { readonly status: string }) {
  const words: Readonly<Record<string, string>> = { PASSED: 'passed', FAILED: 'failed', PENDING: 'under way' };
  const tone: Readonly<Record<string, string>> = { PASSED: 'good', FAILED: 'bad', PENDING: 'warn' };
  return <span class={`badge ${tone[status] ?? ''}`}>{words[status] ?? status}</span>;
}
