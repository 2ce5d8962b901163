import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Log } from '../../../service/logs.ts';
import { ClosingStack } from '../../../service/run.ts';
import { type RawServer, startRawServer } from '../../support/raw-server.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

/** What an upstream got. */
export interface Arrived {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A gateway with routes, before REST services that a test controls. */
export interface Proxied {
  readonly gateway: TestGateway;
  readonly url: string;
  /** Requests that came to services that answer what they got. */
  readonly arrived: Arrived[];
  readonly close: () => Promise<void>;
}

export interface ProxiedOptions {
  readonly routes: Readonly<Record<string, object>>;
  /** Services by the name of their upstream; by default `rest` answers with what it got, as JSON. */
  readonly services?: Readonly<Record<string, RequestListener | readonly RequestListener[]>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly log?: Log;
}

const SDL = 'type Query { hello: String }';

export async function startProxied({ routes, services, environment = {}, log }: ProxiedOptions): Promise<Proxied> {
  const stack = new ClosingStack();
  const arrived: Arrived[] = [];
  const echo: RequestListener = async (request, response) => {
    const { method = '', url = '', headers } = request;
    const got = { method, url, headers, body: await text(request) };
    arrived.push(got);
    response.setHeader('content-type', 'application/json').setHeader('x-powered-by', 'tests').end(JSON.stringify(got));
  };
  const addresses: Record<string, string> = {};
  for (const [name, listeners] of Object.entries(services ?? { rest: echo })) {
    const servers: RawServer[] = [];
    for (const listener of [listeners].flat() as RequestListener[])
      servers.push(stack.add(name, await startRawServer(listener)));
    addresses[`GATEWAY_UPSTREAM_${name.toUpperCase()}_URLS`] = servers.map(({ url }) => url).join(',');
  }
  const gateway = stack.add(
    'gateway',
    await startTestGateway(
      [{ name: 'a', url: 'http://localhost:1/graphql', sdl: SDL }],
      {
        GATEWAY_ROUTES: JSON.stringify(routes),
        ...addresses,
        ...environment,
      },
      log,
    ),
  );
  return { gateway, url: gateway.url, arrived, close: () => stack.close() };
}

/** The refusal of a route. */
export async function refusalOf(response: Response): Promise<{ readonly status: number; readonly code: string }> {
  const { error } = (await response.json()) as { error: { code: string } };
  return { status: response.status, code: error.code };
}
