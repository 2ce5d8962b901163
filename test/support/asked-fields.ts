import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { SubgraphSchema } from '../../composition/compose.ts';

const schemas = new Map<string, GraphQLSchema>();

/** The fields of its schema that a subgraph is asked for by a query, as `Type.field`; a key counts, because it is fetched. @throws for what it has not */
export function askedFields({ name, sdl }: SubgraphSchema, query: string): string[] {
  let schema = schemas.get(sdl);
  if (schema === undefined) {
    schema = buildSubgraphSchema([{ typeDefs: parse(sdl) }]);
    schemas.set(sdl, schema);
  }
  const info = new TypeInfo(schema);
  const fields = new Set<string>();
  const Field = () => {
    const [type, field] = [info.getParentType(), info.getFieldDef()];
    if (!type || !field) throw new Error(`subgraph ${name} is asked for what it has not: ${query}`);
    if (!field.name.startsWith('_')) fields.add(`${type.name}.${field.name}`);
  };
  visit(parse(query), visitWithTypeInfo(info, { Field }));
  return [...fields];
}
