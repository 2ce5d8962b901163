import type { Principal } from '../access/principal.ts';
import { readGraph } from '../storage/graphs.ts';
import type { Context } from './context.ts';
import type { Actor, Resolvers, User } from './generated.ts';
import type { GraphSource } from './sources.ts';

/** `config whoami`: a key of one graph shows as that graph, any other as a user with the key's name. */
export const whoami = {
  Query: {
    me: (_, _arguments, context) => readIdentity(context),
  },
  Identity: {
    __resolveType: (identity) => ('asActor' in identity ? 'User' : 'Graph'),
  },
  Graph: {
    asActor: (): Actor => ({ type: 'GRAPH' }),
  },
} satisfies Resolvers;

async function readIdentity({ principal, database }: Context): Promise<User | GraphSource | null> {
  if (principal === undefined) return null;
  const graph = principal.graphId === null ? undefined : await readGraph(database.query, principal.graphId);
  return graph ?? toUser(principal);
}

function toUser({ name }: Principal): User {
  return { __typename: 'User', id: name, asActor: { type: 'USER' }, memberships: [] };
}
