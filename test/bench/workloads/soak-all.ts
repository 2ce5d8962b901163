import { attacked } from './attacked.ts';
import { AFTER as WITHOUT_GUARD } from './reload.ts';
import { GUARDED_LINK, LINK, type Workload, type WorkloadSubgraph } from './workload.ts';

/** What is written and read again: the last text of each note, by its id. */
const texts = new Map<string, string>();
const noteOf = (id: string) => ({ id, text: texts.get(id) ?? '' });

const notes: WorkloadSubgraph = {
  sdl: `${LINK} type Query { note(id: ID!): Note } type Mutation { setNote(id: ID!, text: String!): Note } type Note @key(fields: "id") { id: ID! text: String! }`,
  isChanging: true,
  resolvers: {
    Query: { note: (_: unknown, { id }: { id: string }) => noteOf(id) },
    Mutation: {
      setNote: (_: unknown, { id, text }: { id: string; text: string }) => {
        texts.set(id, text);
        return noteOf(id);
      },
    },
    Note: { __resolveReference: ({ id }: { id: string }) => noteOf(id) },
  } as never,
};

const { warehouse } = WITHOUT_GUARD;
if (warehouse === undefined) throw new TypeError('there is a warehouse after the change');

/** All that the others have in one graph, with something to write, which changes as that of `reload.ts` does. */
export const soakAll: Workload = {
  ...attacked,
  name: 'soak-all',
  title: 'all features on, beside those who mean harm',
  subgraphs: { ...attacked.subgraphs, notes },
  later: { warehouse },
};

type Sdls = Readonly<Record<string, Pick<WorkloadSubgraph, 'sdl'>>>;

const { inventory, ...staying }: Sdls = { ...soakAll.subgraphs, ...soakAll.guarded };
if (inventory === undefined) throw new TypeError('there is an inventory before the change');

/** What the graph is composed of before and after the change; the names of products ask for the same scope in both. */
export const [BEFORE, AFTER]: readonly [Sdls, Sdls] = [
  { ...staying, inventory },
  {
    ...staying,
    warehouse: {
      sdl: warehouse.sdl
        .replace(/^.*\n/, GUARDED_LINK.replace('"@key"', '"@key", "@external", "@override", "@requires"'))
        .replace('name: String', 'name: String @requiresScopes(scopes: [["catalogue:read"]])'),
    },
  },
];
