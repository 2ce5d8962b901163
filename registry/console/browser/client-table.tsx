import { Card } from './parts.tsx';
import { showCount } from './show.ts';
import type { TypeUsage } from './type-page.tsx';

const MOST_FIELDS = 8;

/** Which clients use a type, and what of it. */
export function ClientTable({ usage: { clients, requests, from } }: { readonly usage: TypeUsage }) {
  return (
    <Card title="Clients" note={`${showCount(requests)} requests since ${from}`}>
      {clients.length === 0 ? (
        <p class="empty">No gateway has reported that anybody asked for it.</p>
      ) : (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Client</th>
                <th scope="col">Version</th>
                <th scope="col">Uses</th>
                <th scope="col" class="number">
                  Requests
                </th>
              </tr>
            </thead>
            <tbody>
              {clients.map(({ name, version, requests: own, fields }) => (
                <tr key={`${name} ${version}`}>
                  <th scope="row">{name || <span class="faint">does not say</span>}</th>
                  <td class="soft">{version || '–'}</td>
                  <td class="soft mono">
                    {fields.slice(0, MOST_FIELDS).join(', ')}
                    {fields.length > MOST_FIELDS && ` and ${fields.length - MOST_FIELDS} more`}
                  </td>
                  <td class="number">{showCount(own)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
