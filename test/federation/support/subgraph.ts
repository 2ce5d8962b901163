import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApolloServer, type ApolloServerPlugin, type BaseContext } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema, type GraphQLSchemaModule } from '@apollo/subgraph';
import { parse } from 'graphql';
import type { SubgraphSchema } from '../../../composition/compose.ts';
import { createLog } from '../../../service/logs.ts';
import type { Running } from '../../../service/run.ts';

export type Resolvers = NonNullable<GraphQLSchemaModule['resolvers']>;

/** A small subgraph over fixed data. */
export interface TestSubgraph {
  readonly name: string;
  /** Without the `@link`: `startSubgraph` puts one in front that imports everything. */
  readonly sdl: string;
  /** Written for Federation 1, which has no `@link`. */
  readonly isFederation1?: boolean;
  readonly resolvers: Resolvers;
  /** Called before each operation, for a subgraph whose mutations change something. */
  readonly reset?: () => void;
  /** Answers instead of the resolvers, for a server that is no good GraphQL server; `undefined` leaves it to them. */
  readonly misbehave?: (request: SubgraphCall) => Misbehaviour | undefined;
}

export interface Misbehaviour {
  readonly status?: number;
  readonly contentType?: string;
  readonly body: string;
  /** Ends the connection in the middle of the body. */
  readonly isCutOff?: boolean;
}

/** One request that a subgraph received. */
export interface SubgraphCall {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface RunningSubgraph extends Running {
  readonly schema: SubgraphSchema;
  readonly reset: () => void;
  /** What it received since the last reset. */
  readonly calls: () => readonly SubgraphCall[];
}

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: [
  "@key", "@requires", "@provides", "@external", "@shareable", "@override", "@inaccessible", "@tag", "@interfaceObject",
  "@context", "@fromContext", "@cost", "@listSize", "@cacheTag"
])\n`;

/** Starts it as a real HTTP server on a free port: Apollo Server with `@apollo/subgraph`. */
export async function startSubgraph(subgraph: TestSubgraph): Promise<RunningSubgraph> {
  const sdl = subgraph.isFederation1 === true ? subgraph.sdl : LINK + subgraph.sdl;
  const calls: SubgraphCall[] = [];
  const apollo = new ApolloServer({
    schema: buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: subgraph.resolvers }]),
    plugins: [recordInto(calls), ApolloServerPluginInlineTraceDisabled()],
    logger: createLog(subgraph.name, 'silent'),
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
  });
  const { url } = await startStandaloneServer(apollo, { listen: { host: '127.0.0.1', port: 0 } });
  const front = subgraph.misbehave === undefined ? undefined : await startFront(url, subgraph.misbehave, calls);
  return {
    schema: { name: subgraph.name, url: front?.url ?? url, sdl },
    reset: () => {
      calls.length = 0;
      subgraph.reset?.();
    },
    calls: () => calls,
    close: async () => {
      await front?.close();
      await apollo.stop();
    },
  };
}

function recordInto(calls: SubgraphCall[]): ApolloServerPlugin<BaseContext> {
  return {
    requestDidStart: async ({ request: { query = '', variables = {} } }) => {
      calls.push({ query, variables });
    },
  };
}

/** A server in front of the real one, which answers some requests itself and passes on the others. */
async function startFront(
  behind: string,
  misbehave: NonNullable<TestSubgraph['misbehave']>,
  calls: SubgraphCall[],
): Promise<Running & { readonly url: string }> {
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const call = JSON.parse(body) as SubgraphCall;
    const answer = misbehave({ query: call.query, variables: call.variables ?? {} });
    if (answer === undefined) {
      const passed = await fetch(behind, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      response.writeHead(passed.status, { 'content-type': 'application/json' }).end(await passed.text());
    } else {
      calls.push(call);
      const contentType = answer.contentType ?? 'application/json';
      const headers = { 'content-type': contentType, 'content-length': Buffer.byteLength(answer.body) };
      response.writeHead(answer.status ?? 200, headers);
      if (answer.isCutOff === true) response.write(answer.body.slice(0, -5), () => request.socket.destroy());
      else response.end(answer.body);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
