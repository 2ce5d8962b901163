import { useContext, useMemo } from 'preact/hooks';
import { type GatewayRow, Gateways } from './gateways.tsx';
import { GraphPicture } from './graph-picture.tsx';
import { Ago, Card, Loaded, Title, To } from './parts.tsx';
import { SharedTypes } from './shared-types.tsx';
import { showSome } from './show.ts';
import { type ListedSubgraph, SubgraphTable } from './subgraph-table.tsx';
import type { ListedType } from './types-page.tsx';
import { useAsked } from './use-asked.ts';
import { Viewing } from './viewing.ts';

interface VersionFacts {
  readonly number: number;
  readonly composed: boolean;
  readonly actor: string;
  readonly createdAt: string;
  readonly errors: readonly { readonly message: string }[];
}

interface VariantFacts {
  readonly current: VersionFacts | null;
  readonly newest: VersionFacts | null;
  readonly subgraphs: readonly ListedSubgraph[] | null;
  readonly gateways: readonly GatewayRow[];
  readonly types: readonly ListedType[] | null;
  readonly checks: readonly { readonly id: string; readonly status: string; readonly createdAt: string }[];
}

const QUERY = `query Graph($graph: ID!, $variant: String!) {
  graph(id: $graph) { variant(name: $variant) {
    current { ...Facts }
    newest { ...Facts }
    subgraphs { name url updatedAt owners lastPublish { number actor createdAt } }
    gateways { instance version isCurrent seenAt }
    types { name kind isEntity isHidden fieldCount shares { subgraph keys fieldCount } }
    checks(first: 1) { id status createdAt }
  } }
}
fragment Facts on Version { number composed actor createdAt errors { message } }`;

const EVERY_MS = 15_000;

/** What the graph is made of, and how it is. */
export function GraphPage() {
  const { graphId, variant } = useContext(Viewing);
  const asked = useAsked<{ graph: { variant: VariantFacts | null } | null }>(
    QUERY,
    { graph: graphId, variant },
    EVERY_MS,
  );
  return (
    <div class="page">
      <Loaded asked={asked}>
        {({ graph }) =>
          graph?.variant ? (
            <Overview {...graph.variant} />
          ) : (
            <>
              <Title text={`${graphId}@${variant}`} />
              <p class="lead">There is no such graph or variant, or this key may not read it.</p>
            </>
          )
        }
      </Loaded>
    </div>
  );
}

function Overview({ current, newest, subgraphs, gateways, types, checks }: VariantFacts) {
  const { graphId, variant } = useContext(Viewing);
  const names = useMemo(() => (subgraphs ?? []).map(({ name }) => name), [subgraphs]);
  const hasFailed = newest !== null && !newest.composed;
  const following = gateways.filter(({ isCurrent }) => isCurrent).length;
  const [check] = checks;
  return (
    <>
      <div class="page-head">
        <div>
          <Title text={`${graphId}@${variant}`}>
            {hasFailed ? <span class="badge bad">Does not compose</span> : <span class="badge good">Composes</span>}
          </Title>
          {current !== null && (
            <p class="lead">
              Version{' '}
              <To page="history" detail={current.number}>
                {current.number}
              </To>{' '}
              is served, made <Ago at={current.createdAt} /> by {current.actor}.
            </p>
          )}
        </div>
      </div>
      {hasFailed && <Failure newest={newest} current={current} />}
      <dl class="facts">
        <div>
          <dt>Subgraphs</dt>
          <dd>{names.length}</dd>
        </div>
        <div>
          <dt>Types</dt>
          <dd>
            {types?.length ?? 0}
            <small>{showSome((types ?? []).filter(({ isEntity }) => isEntity).length, 'entity', 'entities')}</small>
          </dd>
        </div>
        <div>
          <dt>Gateways</dt>
          <dd>
            {gateways.length}
            <small>{gateways.length === 0 ? 'none has reported lately' : `${following} on the served version`}</small>
          </dd>
        </div>
        <div>
          <dt>Last publish</dt>
          <dd>
            {newest === null ? '–' : <To page="history" detail={newest.number}>{`Version ${newest.number}`}</To>}
            {newest !== null && (
              <small>
                <Ago at={newest.createdAt} />
              </small>
            )}
          </dd>
        </div>
        <div>
          <dt>Last check</dt>
          <dd>
            {check === undefined ? (
              '–'
            ) : (
              <To page="checks" detail={check.id}>
                {check.status === 'PASSED' ? 'Passed' : 'Failed'}
              </To>
            )}
            {check !== undefined && (
              <small>
                <Ago at={check.createdAt} />
              </small>
            )}
          </dd>
        </div>
      </dl>
      {types !== null && (
        <Card
          title="Where the graph comes from"
          note="Subgraphs on the left; where requests begin, and entities, on the right"
        >
          <GraphPicture subgraphs={names} types={types} />
        </Card>
      )}
      <SubgraphTable subgraphs={subgraphs ?? []} types={types ?? []} />
      <SharedTypes subgraphs={names} types={types ?? []} />
      <Gateways gateways={gateways} />
    </>
  );
}

function Failure({ newest, current }: { readonly newest: VersionFacts; readonly current: VersionFacts | null }) {
  return (
    <div class="banner">
      <p>
        <strong>
          <To page="history" detail={newest.number}>
            Version {newest.number}
          </To>{' '}
          does not compose
        </strong>{' '}
        ({showSome(newest.errors.length, 'error')}).{' '}
        {current === null ? 'Nothing is served.' : `Version ${current.number} is still served.`}
      </p>
      <p class="wrap">{newest.errors[0]?.message}</p>
    </div>
  );
}
