import type { FieldNode, GraphQLSchema } from 'graphql';
import type { AccessRule } from '../../planning/access-rules.ts';

/** What a caller may have of an operation that asks for something guarded. The same value for all who are met by the same rules. */
export interface AccessDecision {
  /** Tells the decisions on one operation apart by what the answer shows of them, also when the graph has changed since. */
  readonly key: string;
  /** The fields that are not fetched, each with what the client is told. */
  readonly refused: ReadonlyMap<FieldNode, string>;
  /** The rules that do not hold. */
  readonly unmet: readonly AccessRule[];
  /** What introspection shows, when that is not all of the graph. */
  readonly visible: GraphQLSchema | undefined;
}

/** Of an operation of which nothing is guarded. */
export const NOTHING_REFUSED: AccessDecision['refused'] = new Map();
