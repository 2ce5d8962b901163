import { useContext, useState } from 'preact/hooks';
import { ChangeTable, type ListedChange } from './change-table.tsx';
import { Diff } from './code.tsx';
import { describeVersion, type ListedVersion, Standing } from './history-page.tsx';
import { MarkedText } from './marked-text.tsx';
import { Ago, Card, Loaded, Title, To } from './parts.tsx';
import { RollBack } from './roll-back.tsx';
import { useAsked } from './use-asked.ts';
import { Viewing } from './viewing.ts';

interface ShownVersion extends ListedVersion {
  readonly errors: readonly { readonly code: string; readonly message: string }[];
  readonly hints: readonly { readonly code: string; readonly message: string }[];
  readonly changes: readonly ListedChange[];
  readonly subgraphChanges: readonly SubgraphChange[];
  readonly git: {
    readonly branch: string | null;
    readonly commit: string | null;
    readonly committer: string | null;
    readonly message: string | null;
  } | null;
}

interface SubgraphChange {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly urlBefore: string | null;
  readonly urlAfter: string | null;
}

interface Answer {
  readonly graph: {
    readonly variant: {
      readonly allowed: readonly string[];
      readonly current: { readonly number: number } | null;
      readonly version: ShownVersion | null;
    } | null;
  } | null;
}

const QUERY = `query Version($graph: ID!, $variant: String!, $number: Int!) {
  graph(id: $graph) { variant(name: $variant) {
    allowed
    current { number }
    version(number: $number) {
      number kind subgraph origin isCurrent composed actor createdAt
      errors { code message }
      hints { code message }
      changes { code coordinate description isBreaking }
      subgraphChanges { name before after urlBefore urlAfter }
      git { branch commit committer message }
    }
  } }
}`;

/** One version: what it changed for clients and in the schemas, and the way back to it. */
export function VersionPage({ number }: { readonly number: number }) {
  const { graphId, variant } = useContext(Viewing);
  const [done, setDone] = useState<number>();
  const asked = useAsked<Answer>(QUERY, { graph: graphId, variant, number });
  const shown = asked.data?.graph?.variant;
  const mayRollBack = shown?.allowed.includes('admin') === true;
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <p class="crumb">
            <To page="history">History</To>
          </p>
          <Title text={`Version ${number}`}>{shown?.version && <Standing {...shown.version} />}</Title>
          {shown?.version && (
            <p class="lead">
              {describeVersion(shown.version)} by {shown.version.actor}, <Ago at={shown.version.createdAt} />.
            </p>
          )}
        </div>
        {shown?.version?.composed === true && !shown.version.isCurrent && mayRollBack && (
          <RollBack
            to={number}
            served={shown.current?.number ?? null}
            onDone={(made) => {
              setDone(made);
              asked.again();
            }}
          />
        )}
      </div>
      <div role="status">
        {done !== undefined && (
          <p class="banner quiet">
            Version {number} is served again, as{' '}
            <To page="history" detail={done}>
              version {done}
            </To>
            . Gateways follow within seconds.
          </p>
        )}
      </div>
      <Loaded asked={asked}>
        {({ graph }) => {
          const version = graph?.variant?.version;
          return version ? (
            <Details {...version} mayRollBack={mayRollBack} />
          ) : (
            <p class="lead">The variant has no version of this number.</p>
          );
        }}
      </Loaded>
    </div>
  );
}

function Details({
  errors,
  hints,
  changes,
  subgraphChanges,
  git,
  composed,
  isCurrent,
  mayRollBack,
}: ShownVersion & { readonly mayRollBack: boolean }) {
  return (
    <>
      {git?.commit && (
        <p class="dots">
          <code>{git.commit.slice(0, 12)}</code>
          {git.branch !== null && <span>{git.branch}</span>}
          {git.committer !== null && <span>{git.committer}</span>}
          {git.message !== null && <span>{git.message.split('\n')[0]}</span>}
        </p>
      )}
      {composed && !isCurrent && !mayRollBack && (
        <p class="note">To serve this version again needs a key that administers the graph.</p>
      )}
      {errors.length > 0 && <Messages title="Why it does not compose" messages={errors} />}
      {composed && <ChangeTable changes={changes} />}
      {subgraphChanges.map((change) => (
        <SchemaChange key={change.name} {...change} />
      ))}
      {hints.length > 0 && <Messages title="Hints of composition" messages={hints} />}
    </>
  );
}

function SchemaChange({ name, before, after, urlBefore, urlAfter }: SubgraphChange) {
  const deed = before === null ? 'new' : after === null ? 'taken out' : undefined;
  return (
    <Card title={`Schema of ${name}`} note={deed}>
      {urlBefore !== urlAfter && before !== null && after !== null && (
        <p class="card-body note">
          Routing URL: <code>{urlBefore ?? 'none'}</code> → <code>{urlAfter ?? 'none'}</code>
        </p>
      )}
      {before !== after && (
        <Diff before={before ?? ''} after={after ?? ''} label={`What changed in the schema of ${name}`} />
      )}
    </Card>
  );
}

export interface MessagesProps {
  readonly title: string;
  readonly messages: readonly { readonly code: string; readonly message: string }[];
}

/** What composition says, by its codes. */
export function Messages({ title, messages }: MessagesProps) {
  return (
    <Card title={title}>
      <table>
        <thead class="unseen">
          <tr>
            <th scope="col">Code</th>
            <th scope="col">Message</th>
          </tr>
        </thead>
        <tbody>
          {messages.map(({ code, message }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two may be alike.
            <tr key={index}>
              <td class="mono tight soft">{code}</td>
              <td class="wrap">
                <MarkedText text={message} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
