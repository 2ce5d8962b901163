import { useContext, useState } from 'preact/hooks';
import { ClientTable } from './client-table.tsx';
import { FieldTable, type ListedField } from './field-table.tsx';
import { MarkedText } from './marked-text.tsx';
import { Card, Loaded, Title, To } from './parts.tsx';
import { showCount, showSome } from './show.ts';
import { KINDS, type ListedType } from './types-page.tsx';
import { useAsked } from './use-asked.ts';
import { Viewing } from './viewing.ts';

/** How often a type was used, and by whom. */
export interface TypeUsage {
  readonly from: string;
  readonly requests: number;
  readonly clients: readonly {
    readonly name: string;
    readonly version: string;
    readonly requests: number;
    readonly fields: readonly string[];
  }[];
  readonly fields: readonly { readonly name: string; readonly requests: number }[];
  readonly operations: readonly { readonly hash: string; readonly name: string | null; readonly requests: number }[];
}

interface ShownType extends ListedType {
  readonly description: string | null;
  readonly fields: readonly ListedField[];
  readonly usage: TypeUsage;
}

const QUERY = `query Type($graph: ID!, $variant: String!, $name: String!, $days: Int!) {
  graph(id: $graph) { variant(name: $variant) { type(name: $name) {
    name kind description isEntity isHidden fieldCount
    shares { subgraph keys fieldCount }
    fields { name type arguments description deprecated isHidden subgraphs requires }
    usage(days: $days) {
      from requests
      clients { name version requests fields }
      fields { name requests }
      operations { hash name requests }
    }
  } } }
}`;

const SPANS = [7, 30, 90] as const;

/** A type: its fields, where they come from, and who uses them. */
export function TypePage({ name }: { readonly name: string }) {
  const { graphId, variant } = useContext(Viewing);
  const [days, setDays] = useState<number>(SPANS[0]);
  const asked = useAsked<{ graph: { variant: { type: ShownType | null } | null } | null }>(QUERY, {
    ...{ graph: graphId, variant, name, days },
  });
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <p class="crumb">
            <To page="types">Types</To>
          </p>
          <Title text={name} />
        </div>
        <fieldset class="choices" aria-label="Usage of the last">
          {SPANS.map((span) => (
            <button key={span} type="button" aria-pressed={span === days} onClick={() => setDays(span)}>
              {span} days
            </button>
          ))}
        </fieldset>
      </div>
      <Loaded asked={asked}>
        {({ graph }) => {
          const type = graph?.variant?.type;
          return type ? <Details {...type} /> : <p class="lead">The supergraph that is served has no such type.</p>;
        }}
      </Loaded>
    </div>
  );
}

function Details({ kind, isEntity, isHidden, description, shares, fields, usage }: ShownType) {
  return (
    <>
      <div class="dots">
        <span>{KINDS[kind]}</span>
        {isEntity && <span class="badge accent">entity</span>}
        {isHidden && <span class="badge">hidden from clients</span>}
        {shares.map(({ subgraph, keys }) => (
          <span key={subgraph}>
            <To page="subgraphs" detail={subgraph}>
              {subgraph}
            </To>{' '}
            {keys.length > 0 && <code class="faint">@key({keys.map((key) => `"${key}"`).join(', ')})</code>}
          </span>
        ))}
      </div>
      {description !== null && (
        <p class="lead">
          <MarkedText text={description} />
        </p>
      )}
      <FieldTable kind={kind} fields={fields} usage={usage} />
      <ClientTable usage={usage} />
      {usage.operations.length > 0 && (
        <Card title="Operations that use it most" note={showSome(usage.operations.length, 'operation')}>
          <div class="scroll">
            <table>
              <thead>
                <tr>
                  <th scope="col">Operation</th>
                  <th scope="col">Hash without values</th>
                  <th scope="col" class="number">
                    Requests
                  </th>
                </tr>
              </thead>
              <tbody>
                {usage.operations.map(({ hash, name, requests }) => (
                  <tr key={hash}>
                    <th scope="row">{name ?? <span class="faint">without a name</span>}</th>
                    <td class="soft mono">
                      <Hash hash={hash} />
                    </td>
                    <td class="number">{showCount(requests)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <p class="card-body note">
            Values are taken out of texts before they are reported, and these are the hashes of what is left: in the
            log, and under Live, a text with its values has another.
          </p>
        </Card>
      )}
    </>
  );
}

/** As much of a hash as tells it from others. */
export function Hash({ hash }: { readonly hash: string }) {
  return <span title={hash}>{hash.slice(0, 12)}</span>;
}
