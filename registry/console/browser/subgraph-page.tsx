import { useContext } from 'preact/hooks';
import { Code } from './code.tsx';
import { Ago, Card, Loaded, Title, To } from './parts.tsx';
import { useAsked } from './use-asked.ts';
import { Viewing } from './viewing.ts';

interface ShownSubgraph {
  readonly name: string;
  readonly url: string | null;
  readonly owners: readonly string[];
  readonly updatedAt: string;
  readonly lastPublish: { readonly number: number; readonly actor: string; readonly createdAt: string } | null;
  readonly activePartialSchema: { readonly sdl: string };
}

const QUERY = `query Subgraph($graph: ID!, $variant: String!, $name: ID!) {
  graph(id: $graph) { variant(name: $variant) { subgraph(name: $name) {
    name url owners updatedAt
    lastPublish { number actor createdAt }
    activePartialSchema { sdl }
  } } }
}`;

/** A subgraph and its schema, as it was published last. */
export function SubgraphPage({ name }: { readonly name: string }) {
  const { graphId, variant } = useContext(Viewing);
  const asked = useAsked<{ graph: { variant: { subgraph: ShownSubgraph | null } | null } | null }>(QUERY, {
    ...{ graph: graphId, variant, name },
  });
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <p class="crumb">
            <To page="graph">Graph</To>
          </p>
          <Title text={name} />
        </div>
      </div>
      <Loaded asked={asked}>
        {({ graph }) => {
          const subgraph = graph?.variant?.subgraph;
          return subgraph ? <Details {...subgraph} /> : <p class="lead">The variant has no subgraph of this name.</p>;
        }}
      </Loaded>
    </div>
  );
}

function Details({ url, owners, lastPublish, updatedAt, activePartialSchema: { sdl } }: ShownSubgraph) {
  return (
    <>
      <dl class="facts">
        <div>
          <dt>Owner</dt>
          <dd>
            {owners.length > 0 ? owners.join(', ') : '–'}
            {owners.length === 0 && <small>no key is for it alone</small>}
          </dd>
        </div>
        <div>
          <dt>Published</dt>
          <dd>
            {lastPublish === null ? (
              '–'
            ) : (
              <To page="history" detail={lastPublish.number}>{`Version ${lastPublish.number}`}</To>
            )}
            <small>
              <Ago at={lastPublish?.createdAt ?? updatedAt} />
              {lastPublish !== null && ` by ${lastPublish.actor}`}
            </small>
          </dd>
        </div>
        <div>
          <dt>Routing URL</dt>
          <dd>
            <small class="mono wrap">{url ?? 'none: gateways need one of their own'}</small>
          </dd>
        </div>
      </dl>
      <Card title="Schema" note={`${sdl.split('\n').length} lines`}>
        <Code text={sdl} />
      </Card>
    </>
  );
}
