import { MarkedText } from './marked-text.tsx';
import { Card, Chips, To } from './parts.tsx';
import { showCount } from './show.ts';
import type { TypeUsage } from './type-page.tsx';
import type { TypeKind } from './types-page.tsx';

export interface ListedField {
  readonly name: string;
  readonly type: string | null;
  readonly arguments: readonly string[];
  readonly description: string | null;
  readonly deprecated: string | null;
  readonly isHidden: boolean;
  readonly subgraphs: readonly string[];
  readonly requires: string | null;
}

export interface FieldTableProps {
  readonly kind: TypeKind;
  readonly fields: readonly ListedField[];
  readonly usage: TypeUsage;
}

const TITLES: Partial<Record<TypeKind, string>> = { ENUM: 'Values', UNION: 'Members' };

/** The fields of a type, where each comes from, and how much it is used. */
export function FieldTable({ kind, fields, usage }: FieldTableProps) {
  if (fields.length === 0) return null;
  const requestsOf = new Map(usage.fields.map(({ name, requests }) => [name, requests]));
  const most = Math.max(1, ...requestsOf.values());
  return (
    <Card title={TITLES[kind] ?? 'Fields'} note={`Requests since ${usage.from}`}>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">From</th>
              <th scope="col" class="number">
                Requests
              </th>
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => (
              <tr key={field.name}>
                <th scope="row">
                  <Signature {...field} />
                </th>
                <td>
                  <Chips names={field.subgraphs} />
                  {field.requires !== null && (
                    <span class="under">
                      needs <code>{field.requires}</code>
                    </span>
                  )}
                </td>
                <td class="number">
                  <Used requests={requestsOf.get(field.name) ?? 0} most={most} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function Signature({ name, type, arguments: given, description, deprecated, isHidden }: ListedField) {
  return (
    <>
      <code>
        {name}
        {given.length > 0 && <span class="faint">({given.join(', ')})</span>}
        {type !== null && (
          <span class="soft">
            : <TypeReference type={type} />
          </span>
        )}
      </code>{' '}
      {deprecated !== null && <span class="badge warn">deprecated</span>}{' '}
      {isHidden && <span class="badge">hidden</span>}
      {description !== null && (
        <span class="under">
          <MarkedText text={description} />
        </span>
      )}
      {deprecated !== null && <span class="under">{deprecated}</span>}
    </>
  );
}

const BUILT_IN = ['ID', 'String', 'Int', 'Float', 'Boolean'];

/** `[Order!]!`, with a link to `Order`. */
function TypeReference({ type }: { readonly type: string }) {
  const [, before = '', name = '', after = ''] = /^(\[*)(\w+)(.*)$/.exec(type) ?? [];
  if (BUILT_IN.includes(name)) return <>{type}</>;
  return (
    <>
      {before}
      <To page="types" detail={name}>
        {name}
      </To>
      {after}
    </>
  );
}

function Used({ requests, most }: { readonly requests: number; readonly most: number }) {
  return (
    <>
      {requests === 0 ? <span class="faint">0</span> : showCount(requests)}
      <span class="share" aria-hidden="true">
        <span style={{ width: `${(requests / most) * 100}%` }} />
      </span>
    </>
  );
}
