import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isIntrospectionType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
  OperationTypeNode,
} from 'graphql';
import { type Change, describeChange, toChange } from './change.ts';
import { directiveChanges } from './directive-changes.ts';
import { matchByName } from './match-by-name.ts';
import { typeChanges } from './type-changes.ts';

/**
 * All differences between two API schemas; only the order of things is none. Empty exactly when both print alike, sorted.
 *
 * A change is breaking when an operation that was valid may be so no longer, or a value that was accepted be refused. What can only
 * surprise (a new value of an enum, another default) is not.
 *
 * Coordinates are those of the specification ("Schema Coordinates"). Members of a union and interfaces of a type have none there,
 * and are written like fields: `SearchResult.Product`, `Product.Node`.
 *
 * @param before `undefined` where there was no schema: then there are none
 */
export function diffApiSchemas(before: GraphQLSchema | undefined, after: GraphQLSchema): Change[] {
  if (before === undefined) return [];
  const types = matchByName(typesOf(before), typesOf(after));
  const directives = matchByName(directivesOf(before), directivesOf(after));
  return [
    ...types.removed.map(({ name }) => toChange('TYPE_REMOVED', name, `type \`${name}\` removed`, true)),
    ...types.added.map(({ name }) => toChange('TYPE_ADDED', name, `type \`${name}\` added`)),
    ...types.kept.flatMap((pair) => typeChanges(pair.before, pair.after)),
    ...directives.removed.map(({ name }) =>
      toChange('DIRECTIVE_REMOVED', `@${name}`, `directive \`@${name}\` removed`, true),
    ),
    ...directives.added.map(({ name }) => toChange('DIRECTIVE_ADDED', `@${name}`, `directive \`@${name}\` added`)),
    ...directives.kept.flatMap((pair) => directiveChanges(pair.before, pair.after)),
    ...rootChanges(before, after),
    ...describeChange('SCHEMA_DESCRIPTION_CHANGE', '', 'the schema', before, after),
  ];
}

function typesOf(schema: GraphQLSchema): GraphQLNamedType[] {
  return Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
}

function directivesOf(schema: GraphQLSchema) {
  return schema.getDirectives().filter((directive) => !isSpecifiedDirective(directive));
}

/** A root that comes or goes with its type is told by the type. */
function rootChanges(before: GraphQLSchema, after: GraphQLSchema): Change[] {
  return Object.values(OperationTypeNode).flatMap((operation) => {
    const [former, own] = [before.getRootType(operation)?.name, after.getRootType(operation)?.name];
    if (former === own) return [];
    if (own === undefined && former !== undefined && after.getType(former) === undefined) return [];
    if (former === undefined && own !== undefined && before.getType(own) === undefined) return [];
    const what = `the type of a ${operation} changed from \`${former ?? 'none'}\` to \`${own ?? 'none'}\``;
    return [toChange('OPERATION_TYPE_CHANGED', former ?? own ?? '', what, former !== undefined)];
  });
}
