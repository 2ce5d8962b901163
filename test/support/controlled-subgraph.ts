import { text } from 'node:stream/consumers';
import { buildSubgraphSchema, type GraphQLSchemaModule } from '@apollo/subgraph';
import { graphql, parse } from 'graphql';
import type { SubgraphSchema } from '../../composition/compose.ts';
import { type RawServer, startRawServer } from './raw-server.ts';

/** One request that came, and what its resolvers may say about the answer. */
export interface SubgraphCall {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The `Cache-Control` of the answer; nothing for none. */
  control: string | undefined;
  vary: string | undefined;
  /** The answer waits for it. */
  ready: Promise<void> | undefined;
  /** `extensions.apolloCacheTags` of the answer. */
  tags: string[];
  /** Whether who called has gone without the answer. */
  isLeft: boolean;
  /** Resolves when its answer was sent, or who called has gone. */
  readonly ended: Promise<void>;
}

/** A real subgraph over HTTP whose data, headers, delays and faults a test controls. */
export interface ControlledSubgraph extends RawServer {
  readonly schema: SubgraphSchema;
  /** All that came, in order. */
  readonly calls: SubgraphCall[];
  /** What answers say, unless a resolver says otherwise. */
  control: string | undefined;
  vary: string | undefined;
  /** A status with which everything is refused, before anything is looked at. */
  failure: number | undefined;
  /** When it last failed, epoch milliseconds: for who looks at what was under way. */
  failedAt: number;
  /** Calls are answered from what was there when they came; their answers wait for this. */
  gate: Promise<void> | undefined;
}

export interface ControlledOptions {
  readonly name: string;
  readonly sdl: string;
  readonly resolvers: NonNullable<GraphQLSchemaModule['resolvers']>;
}

const LINK = (names: string) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: [${names}])\n`;

/** Starts it. Resolvers get the call as their context. */
export async function startControlledSubgraph(options: ControlledOptions): Promise<ControlledSubgraph> {
  const { name, resolvers } = options;
  const sdl =
    LINK(
      '"@key", "@external", "@requires", "@cacheTag", "@shareable", "@interfaceObject", "@inaccessible", "@context", "@fromContext", "@authenticated", "@requiresScopes", "@policy"',
    ) + options.sdl;
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }]);
  const server = await startRawServer(async (request, response) => {
    const { query, variables = {} } = JSON.parse(await text(request)) as Pick<SubgraphCall, 'query' | 'variables'>;
    const { control, vary, failure, gate } = subgraph;
    const ended = Promise.withResolvers<void>();
    const call: SubgraphCall = {
      query,
      variables,
      headers: request.headers,
      control,
      vary,
      ready: undefined,
      tags: [],
      isLeft: false,
      ended: ended.promise,
    };
    response.once('close', () => {
      call.isLeft = !response.writableEnded;
      ended.resolve();
    });
    subgraph.calls.push(call);
    if (failure !== undefined) subgraph.failedAt = Date.now();
    if (failure !== undefined) return void response.writeHead(failure).end('out of order');
    const answer = await graphql({ schema, source: query, variableValues: variables, contextValue: call });
    await gate;
    await call.ready;
    response.setHeader('content-type', 'application/json');
    if (call.control !== undefined) response.setHeader('cache-control', call.control);
    if (call.vary !== undefined) response.setHeader('vary', call.vary);
    const extensions = call.tags.length === 0 ? {} : { extensions: { apolloCacheTags: call.tags } };
    response.end(JSON.stringify({ ...answer, ...extensions }));
  });
  const subgraph: ControlledSubgraph = {
    ...server,
    schema: { name, url: server.url, sdl },
    calls: [],
    control: undefined,
    vary: undefined,
    failure: undefined,
    failedAt: 0,
    gate: undefined,
  };
  return subgraph;
}

/** A gate that is shut: what comes while it is set waits until it is opened. */
export function shutGate(subgraph: ControlledSubgraph): { readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  subgraph.gate = promise;
  return { open: resolve };
}
