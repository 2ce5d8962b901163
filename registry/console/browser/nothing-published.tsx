import { Title } from './parts.tsx';

/** A graph without a variant, or no graph at all. */
export function NothingPublished({ graphId }: { readonly graphId: string }) {
  return (
    <div class="page">
      <Title text={graphId === '' ? 'No graph' : graphId} />
      <p class="lead">
        {graphId === ''
          ? 'There is no graph that this key may read.'
          : 'Nothing was published to this graph yet. A service team publishes its first schema with rover:'}
      </p>
      {graphId !== '' && (
        <pre class="card card-body">
          npx rover subgraph publish {graphId}@current --name NAME --schema FILE --routing-url URL
        </pre>
      )}
    </div>
  );
}
