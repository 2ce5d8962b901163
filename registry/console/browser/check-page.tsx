import { useContext } from 'preact/hooks';
import { CheckTask, type ShownTask } from './check-task.tsx';
import { CheckStatus, type ListedCheck } from './checks-page.tsx';
import { Ago, Loaded, Title, To } from './parts.tsx';
import { useAsked } from './use-asked.ts';
import { Viewing } from './viewing.ts';

interface ShownCheck extends ListedCheck {
  readonly variant: string;
  readonly tasks: readonly ShownTask[];
}

const QUERY = `query Check($graph: ID!, $id: ID!) {
  graph(id: $graph) { checkWorkflow(id: $id) {
    id status variant subgraph actor createdAt git { branch commit message }
    tasks {
      __typename status
      ... on CompositionCheckTask { result { errors { code message } } }
      ... on OperationsCheckTask { result { numberOfCheckedOperations changes { severity code description } } }
      ... on LintCheckTask { result { diagnostics { level rule coordinate message } } }
      ... on DownstreamCheckTask { results { downstreamVariantName failsUpstreamWorkflow } }
    }
  } }
}`;

/** One check, with all that it found. */
export function CheckPage({ id }: { readonly id: string }) {
  const { graphId } = useContext(Viewing);
  const asked = useAsked<{ graph: { checkWorkflow: ShownCheck | null } | null }>(QUERY, { graph: graphId, id });
  const check = asked.data?.graph?.checkWorkflow;
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <p class="crumb">
            <To page="checks">Checks</To>
          </p>
          <Title text={check?.subgraph ? `Check of ${check.subgraph}` : 'Check'}>
            {check && <CheckStatus status={check.status} />}
          </Title>
          {check && (
            <p class="lead">
              By {check.actor}, <Ago at={check.createdAt} />
              {check.git?.branch ? `, on ${check.git.branch}` : ''}.
            </p>
          )}
        </div>
      </div>
      <Loaded asked={asked}>
        {({ graph }) =>
          graph?.checkWorkflow ? (
            graph.checkWorkflow.tasks.map((task) => <CheckTask key={task.__typename} task={task} />)
          ) : (
            <p class="lead">There is no such check, or it is kept no longer.</p>
          )
        }
      </Loaded>
    </div>
  );
}
