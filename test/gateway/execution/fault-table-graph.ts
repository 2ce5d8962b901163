import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { buildSchema, type GraphQLSchema, isObjectType } from 'graphql';
import { type RawServer, startRawServer } from '../../support/raw-server.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

/**
 * The graph of the fault table: two subgraphs that answer exactly the bytes they are told to. `near` has the root fields,
 * `far` brings more fields of the entity `Thing`, their names with `far` before them.
 */

/** Leaf types, by the name that their fields begin with. */
export const LEAVES = {
  int: 'Int',
  float: 'Float',
  boolean: 'Boolean',
  ident: 'ID',
  string: 'String',
  colour: 'Colour',
  any: 'Any',
} as const;

const WRAPPINGS: readonly ((name: string, type: string) => string)[] = [
  (name, type) => `${name}: ${type}`,
  (name, type) => `${name}Sure: ${type}!`,
  (name, type) => `${name}List: [${type}]`,
  (name, type) => `${name}SureList: [${type}!]!`,
  (name, type) => `${name}Matrix: [[${type}!]]`,
];

const wrapped = (name: string, type: string) => WRAPPINGS.map((wrap) => wrap(name, type)).join(' ');
const leaves = (prefix = '') =>
  Object.entries(LEAVES)
    .map(([name, type]) => wrapped(prefix === '' ? name : `${prefix}${name[0]?.toUpperCase()}${name.slice(1)}`, type))
    .join('\n');

const ROOTS = ['thing', 'node', 'either'].map((name) => wrapped(name, `${name[0]?.toUpperCase()}${name.slice(1)}`));
/** Names that every JavaScript object inherits: legal field names, all of them. */
const INHERITED = 'constructor: Int toString: Int hasOwnProperty: Int';
const FAR_INHERITED = 'valueOf: Int isPrototypeOf: Int';

const SHARED = 'scalar Any';
const QUERY = `type Query { ${leaves()} ${ROOTS.join(' ')} ${INHERITED} }`;
const OTHER = 'type Other implements Node { id: ID! int: Int name: String }';
const NODE = 'interface Node { id: ID! int: Int }';
const EITHER = 'union Either = Thing | Other';
const THING = `id: ID! ${leaves()} ${INHERITED} child: Thing childSure: Thing!`;
const FAR_THING = `${leaves('far')} ${FAR_INHERITED} farThing: Thing farThingList: [Thing]`;

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@inaccessible", "@shareable"])';
const NEAR_SDL = `${LINK} ${SHARED} ${QUERY} ${OTHER} ${NODE}
  enum Colour { RED SECRET @inaccessible }
  union Either = Thing | Other | Hidden
  type Hidden implements Node @inaccessible { id: ID! int: Int }
  type Thing implements Node @key(fields: "id") { ${THING} }`;
const FAR_SDL = `${LINK} ${SHARED} enum Colour { RED SECRET @inaccessible }
  type Thing @key(fields: "id") { id: ID! ${FAR_THING} }`;

/** What clients see, for graphql-js: an object is what is an object, and which kind of one its `__typename` says. */
export const API: GraphQLSchema = buildSchema(
  `${SHARED} ${QUERY} ${OTHER} ${NODE} ${EITHER} enum Colour { RED } type Thing implements Node { ${THING} ${FAR_THING} }`,
);
for (const type of Object.values(API.getTypeMap()))
  if (isObjectType(type) && type !== API.getQueryType())
    type.isTypeOf = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The whole body of a subgraph's answer. */
export type Body = string | Buffer;

export interface FaultyGraph {
  readonly gateway: TestGateway;
  /** What the subgraphs answer from now on. */
  answer(near: Body, far?: Body): void;
  /** The client's answer as it is written. */
  text(query: string): Promise<string>;
  /** The last call to `far`. */
  lastCall(): string;
  close(): Promise<void>;
}

export async function startFaultyGraph(): Promise<FaultyGraph> {
  let bodies: Record<'near' | 'far', Body> = { near: '', far: '' };
  let call = '';
  const serve =
    (name: 'near' | 'far'): RequestListener =>
    async (request, response) => {
      const asked = await text(request);
      if (name === 'far') call = asked;
      response.setHeader('content-type', 'application/json').end(bodies[name]);
    };
  const servers: RawServer[] = [await startRawServer(serve('near')), await startRawServer(serve('far'))];
  const [near, far] = servers.map(({ url }) => url);
  const gateway = await startTestGateway([
    { name: 'near', url: near ?? '', sdl: NEAR_SDL },
    { name: 'far', url: far ?? '', sdl: FAR_SDL },
  ]);
  return {
    gateway,
    answer: (near, far = '') => {
      bodies = { near, far };
    },
    text: async (query) => {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ query });
      return (await fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body })).text();
    },
    lastCall: () => call,
    close: async () => {
      await gateway.close();
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}
