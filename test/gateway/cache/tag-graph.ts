import {
  buildASTSchema,
  execute,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  Kind,
  OperationTypeNode,
  parse,
  print,
  responsePathAsArray,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { createAnswerTags, type FetchAnswer } from '../../../gateway/cache/answer-tags.ts';
import { readTagRules } from '../../../gateway/cache/tag-rules.ts';
import type { FetchNode } from '../../../planning/plan.ts';
import { buildPlanner } from '../../../planning/planner.ts';
import type { EntityKey } from '../../../service/invalidation.ts';
import { composeOrThrow } from '../../support/test-gateway.ts';

/** Two subgraphs with all ways in which an entity can be in an answer, over data of which everything is known. */

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: [
  "@key", "@cacheTag", "@interfaceObject", "@shareable"
])`;

const SDL: Readonly<Record<string, string>> = {
  catalog: `
    type Query {
      item(id: ID! = "1"): Item @cacheTag(format: "item-{$args.id}")
      items(first: Int = 9): [Item!] @cacheTag(format: "items")
      search: [[Result]]
      book(isbn: ID): Book @cacheTag(format: "isbn-{$args.isbn}")
      me: Person
      again: Query
      latest: [Review]
    }
    interface Subject { id: ID! }
    interface Item implements Subject @key(fields: "id") { id: ID! title(upper: Boolean): String maker: Person }
    type Book implements Item & Subject @key(fields: "id") @key(fields: "isbn") @cacheTag(format: "isbn-{$key.isbn}") {
      id: ID! isbn: ID! title(upper: Boolean): String maker: Person region: Region similar: [Item!]
    }
    type Film implements Item & Subject @key(fields: "id") @key(fields: "code region { id }") {
      id: ID! code: Int! title(upper: Boolean): String maker: Person region: Region cast: [Person!]
    }
    type Person @key(fields: "id") @cacheTag(format: "person-{$key.id}") { id: ID! name: String works(first: Int): [Item!] related: [Result] }
    type Region { id: ID! name: String }
    type Review @key(fields: "id", resolvable: false) { id: ID! }
    union Result = Book | Film | Person
  `,
  reviews: `
    type Query { reviews: [Review] }
    type Item implements Subject @interfaceObject @key(fields: "id") @cacheTag(format: "reviews-{$key.id}") { id: ID! reviews: [Review] }
    type Person implements Subject @key(fields: "id") { id: ID! reviews: [Review!] }
    type Review @key(fields: "id") { id: ID! item: Item author: Person text: String about: Subject }
    interface Subject { id: ID! }
  `,
};

export const { cacheRules, schema } = buildPlanner(
  composeOrThrow(Object.entries(SDL).map(([name, sdl]) => ({ name, url: `http://${name}`, sdl: `${LINK}\n${sdl}` }))),
);
export const rules = readTagRules(cacheRules, schema);

/** Everything that can be in an answer. */
export interface Thing {
  readonly __typename: string;
  readonly [field: string]: unknown;
}

const region = (id: string): Thing => ({ __typename: 'Region', id, name: `region ${id}` });
const thing = (fields: Thing): Record<string, unknown> & Thing => ({ ...fields });
const ada = thing({ __typename: 'Person', id: '1', name: 'Ada' });
const bob = thing({ __typename: 'Person', id: '2', name: 'Bob' });
const book = thing({ __typename: 'Book', id: '1', isbn: 'b1', title: 'A', maker: ada, region: region('1') });
const other = thing({ __typename: 'Book', id: '2', isbn: 'b2', title: 'B', maker: null, region: null });
const film = thing({
  __typename: 'Film',
  id: '3',
  code: 7,
  title: 'C',
  maker: bob,
  region: region('2'),
  cast: [ada, bob],
});
const reviews = [book, film, other].map((item, index) =>
  thing({
    __typename: 'Review',
    id: `r${index}`,
    item,
    author: index === 0 ? ada : bob,
    text: 't',
    about: index === 1 ? ada : item,
  }),
);
const items = [book, other, film];
Object.assign(book, { similar: [other, film], reviews: [reviews[0]] });
Object.assign(other, { similar: [], reviews: [reviews[2]] });
Object.assign(film, { reviews: [reviews[1]] });
Object.assign(ada, { works: [book], related: [bob, book, null], reviews: [reviews[0]] });
Object.assign(bob, { works: [film, other], related: [film], reviews: [reviews[1], reviews[2]] });

export const THINGS: readonly Thing[] = [ada, bob, ...items, ...reviews];

const QUERY: Record<string, unknown> = {
  item: ({ id }: { id: string }) => items.find((each) => each.id === id),
  items: ({ first }: { first: number }) => items.slice(0, first),
  search: [[book, null, film], [ada], null],
  book: ({ isbn }: { isbn?: string | null }) => items.find((each) => each.isbn !== undefined && each.isbn === isbn),
  me: ada,
  latest: reviews.map(({ id }) => ({ __typename: 'Review', id })),
  reviews,
};
QUERY.again = QUERY;

const executable = new Map(
  Object.entries(SDL).map(([name, sdl]) => {
    const federation =
      'scalar _Any union _Entity = Person extend type Query { _entities(representations: [_Any!]!): [_Entity] }';
    const options = { assumeValid: true, assumeValidSDL: true };
    const interfaces = name === 'catalog' ? ['Book', 'Film', 'Person', 'Review'] : ['Item', 'Person', 'Review'];
    return [
      name,
      buildASTSchema(parse(`${sdl} ${federation.replace('= Person', `= ${interfaces.join(' | ')}`)}`), options),
    ] as const;
  }),
);

const own = new Map(
  Object.entries(SDL).map(([name, sdl]) => [
    name,
    buildASTSchema(parse(sdl), { assumeValid: true, assumeValidSDL: true }),
  ]),
);

/** The subgraph's own schema, without `_entities`. */
export function ownSchema(subgraph: string): GraphQLSchema {
  const schema = own.get(subgraph);
  if (schema === undefined) throw new TypeError(`no subgraph ${subgraph}`);
  return schema;
}

/** An answer, and all the entities that were touched to make it. */
export interface Answered {
  readonly node: FetchNode;
  readonly answer: FetchAnswer;
  readonly touched: ReadonlySet<Thing>;
  /** Those of each representation. */
  readonly touchedBy: readonly ReadonlySet<Thing>[];
}

export interface Asked {
  readonly subgraph: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly representations?: readonly { readonly __typename: string; readonly [field: string]: unknown }[];
}

/** Has a subgraph answer, as a gateway asks it: objects of an interface or a union say their type. */
export async function answer({ subgraph, query, variables = {}, representations }: Asked): Promise<Answered> {
  const server = executable.get(subgraph);
  if (server === undefined) throw new TypeError(`no subgraph ${subgraph}`);
  const document = addTypenames(server, query);
  const touched = new Set<Thing>();
  const touchedBy = (representations ?? []).map(() => new Set<Thing>());

  const touch = (value: unknown, path: readonly (string | number)[]) => {
    if (Array.isArray(value)) {
      for (const [index, each] of value.entries()) touch(each, [...path, index]);
    } else if (isEntity(value)) {
      const real = THINGS.find((each) => each.__typename === value.__typename && each.id === value.id) ?? value;
      touched.add(real);
      if (path[0] === '_entities') touchedBy[Number(path[1])]?.add(real);
    }
  };
  const find = (representation: Thing) =>
    THINGS.find((each) => {
      const type = schema.getType(representation.__typename);
      const isOfType =
        each.__typename === representation.__typename ||
        (isAbstractType(type) && schema.getPossibleTypes(type).some(({ name }) => name === each.__typename));
      const { __typename: _, ...key } = representation;
      return isOfType && Object.entries(key).every(([field, value]) => isSame(each[field], value));
    });

  const result = await execute({
    schema: server,
    document,
    rootValue: { ...QUERY, _entities: ({ representations: asked }: { representations: Thing[] }) => asked.map(find) },
    variableValues: { ...variables, ...(representations === undefined ? {} : { representations }) },
    fieldResolver: (source: Record<string, unknown>, args, _context, info) => {
      const field = source[info.fieldName];
      const value: unknown = typeof field === 'function' ? field(args) : field;
      touch(value, responsePathAsArray(info.path));
      return value;
    },
    typeResolver: ({ __typename: name }: Thing) =>
      subgraph === 'reviews' && (name === 'Book' || name === 'Film') ? 'Item' : name,
  });
  if (result.errors !== undefined) throw result.errors[0];
  return {
    node: toNode(
      subgraph,
      print(document),
      representations?.map(({ __typename: name }) => name),
    ),
    answer: {
      variables: variables as Record<string, unknown>,
      representations: representations?.map((each) => JSON.stringify(each)),
      data: JSON.parse(JSON.stringify(result.data)) as Record<string, unknown>,
    },
    touched,
    touchedBy,
  };
}

/** What the planner makes of it, as far as tags look at it. */
function toNode(serviceName: string, operation: string, types: readonly string[] | undefined): FetchNode {
  const node: FetchNode = {
    kind: 'Fetch',
    serviceName,
    operation,
    operationName: undefined,
    operationKind: OperationTypeNode.QUERY,
  };
  if (types === undefined) return node;
  const requires = [...new Set(types)].map((typeCondition) => ({
    kind: 'InlineFragment' as const,
    typeCondition,
    selections: [],
  }));
  return { ...node, requires };
}

function addTypenames(server: GraphQLSchema, query: string) {
  const info = new TypeInfo(server);
  return visit(
    parse(query),
    visitWithTypeInfo(info, {
      SelectionSet: (node) => {
        const parent = info.getParentType();
        if (!isCompositeType(parent) || !isAbstractType(parent) || parent.name === '_Entity') return undefined;
        const typename = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } } as const;
        return { ...node, selections: [typename, ...node.selections] };
      },
    }),
  );
}

function isEntity(value: unknown): value is Thing {
  return typeof value === 'object' && value !== null && rules.keys.has(String((value as Thing).__typename));
}

function isSame(one: unknown, other: unknown): boolean {
  if (typeof other !== 'object' || other === null) return String(one) === String(other);
  return Object.entries(other).every(([field, value]) => isSame((one as Thing | null)?.[field], value));
}

/** Every key of a thing, by every type that it is of: what can be said to void it. */
export function purgesOf(found: Thing): { readonly kind: 'entity'; readonly type: string; readonly key: EntityKey }[] {
  const type = schema.getType(found.__typename);
  const names = [
    found.__typename,
    ...(type !== undefined && 'getInterfaces' in type ? type.getInterfaces().map(({ name }) => name) : []),
  ];
  return names.flatMap((name) =>
    (rules.keys.get(name) ?? []).flatMap(({ paths }) => {
      const key: Record<string, string | number | EntityKey> = {};
      for (const [first = '', second] of paths) {
        const value = found[first];
        if (value === null || value === undefined) return [];
        key[first] = second === undefined ? (value as string) : { [second]: (value as Thing)[second] as string };
      }
      return [{ kind: 'entity' as const, type: name, key }];
    }),
  );
}

export const findTags = createAnswerTags({ schema, rules });
