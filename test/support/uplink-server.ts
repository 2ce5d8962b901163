import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { Running } from '../../service/run.ts';

/** What answers Uplink questions as a test wants, and can go away and come back. */
export interface UplinkServer extends Running {
  readonly url: string;
  /** What it answers from now on: a supergraph under an id, or an error. */
  offer(answer: UplinkAnswer): void;
  /** The variables of all questions. */
  readonly asked: readonly Record<string, unknown>[];
  /** Stops listening, so that who asks is refused; what it offers stays. */
  leave(): Promise<void>;
  /** Listens again where it was. */
  comeBack(): Promise<void>;
}

export type UplinkAnswer =
  | { readonly id: string; readonly sdl: string }
  | { readonly code: string; readonly message: string }
  | { readonly status: number };

export async function startUplinkServer(first: UplinkAnswer, listening = true): Promise<UplinkServer> {
  let answer = first;
  const asked: Record<string, unknown>[] = [];
  const create = () =>
    createServer(async (request: IncomingMessage, response) => {
      const { variables } = (await json(request)) as { variables: Record<string, unknown> };
      asked.push(variables);
      if ('status' in answer) return response.writeHead(answer.status).end();
      const routerConfig =
        'code' in answer
          ? { __typename: 'FetchError', ...answer }
          : variables.ifAfterId === answer.id
            ? { __typename: 'Unchanged' }
            : { __typename: 'RouterConfigResult', id: answer.id, supergraphSdl: answer.sdl, minDelaySeconds: 0.05 };
      response.setHeader('content-type', 'application/json');
      return response.end(JSON.stringify({ data: { routerConfig } }));
    });
  let server: Server | undefined = create();
  const listen = (port: number) =>
    new Promise<void>((resolve) => (server as Server).listen(port, '127.0.0.1', () => resolve()));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const leave = async () => {
    const leaving = server;
    server = undefined;
    if (leaving === undefined) return;
    const closed = new Promise((resolve) => leaving.close(resolve));
    leaving.closeAllConnections();
    await closed;
  };
  if (!listening) await leave();
  return {
    url: `http://127.0.0.1:${port}/uplink`,
    asked,
    offer: (next) => {
      answer = next;
    },
    leave,
    comeBack: async () => {
      server = create();
      await listen(port);
    },
    close: leave,
  };
}
