import { Ago, Card } from './parts.tsx';

export interface GatewayRow {
  readonly instance: string;
  readonly version: number | null;
  readonly isCurrent: boolean;
  readonly seenAt: string;
}

/** The gateways that were heard of within the last minutes. */
export function Gateways({ gateways }: { readonly gateways: readonly GatewayRow[] }) {
  return (
    <Card title="Gateways" note="Those that have reported usage within five minutes">
      {gateways.length === 0 ? (
        <p class="empty">
          No gateway has reported. One does with <code>usage.isEnabled</code>.
        </p>
      ) : (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Instance</th>
                <th scope="col">Version</th>
                <th scope="col">Heard of</th>
              </tr>
            </thead>
            <tbody>
              {gateways.map(({ instance, version, isCurrent, seenAt }) => (
                <tr key={instance}>
                  <th scope="row" class="mono">
                    {instance}
                  </th>
                  <td>
                    {version ?? 'another graph'}{' '}
                    {isCurrent ? (
                      <span class="badge good">served</span>
                    ) : (
                      <span class="badge warn">not the served one</span>
                    )}
                  </td>
                  <td class="soft">
                    <Ago at={seenAt} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
