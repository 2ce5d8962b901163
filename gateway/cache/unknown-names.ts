import type { GraphQLSchema } from 'graphql';
import type { CacheConfig } from '../cache-config.ts';
import type { TagRules } from './tag-rules.ts';

/** What the options name and the graph does not have, so that it does nothing: one line for each option. */
export function findUnknownNames(
  { subgraph, mutations }: Pick<CacheConfig, 'subgraph' | 'mutations'>,
  { ofSubgraph }: TagRules,
  schema: GraphQLSchema,
): readonly string[] {
  const fields = schema.getMutationType()?.getFields() ?? {};
  return [
    tell('cache.subgraph', 'subgraph', Object.keys(subgraph), (name) => ofSubgraph.has(name)),
    ...Object.entries(subgraph).map(([name, { types }]) =>
      tell(`cache.subgraph.${name}.types`, 'type', Object.keys(types), (type) => isTypeOf(name, type)),
    ),
    tell('cache.mutations', 'field of Mutation', Object.keys(mutations), (name) => Object.hasOwn(fields, name)),
    ...Object.entries(mutations).map(([name, { types }]) =>
      tell(`cache.mutations.${name}.types`, 'type', types, (type) => schema.getType(type) !== undefined),
    ),
  ].flat();

  /** Of a subgraph that is not there, nothing more is told. */
  function isTypeOf(name: string, type: string): boolean {
    return ofSubgraph.get(name)?.types.has(type) ?? true;
  }
}

function tell(option: string, kind: string, names: readonly string[], isKnown: (name: string) => boolean): string[] {
  const unknown = names.filter((name) => !isKnown(name));
  return unknown.length === 0 ? [] : [`${option} names no ${kind} of this graph: ${unknown.join(', ')}`];
}
