import { hash } from 'node:crypto';
import {
  type DocumentNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/**
 * A hash of the part of a schema that a document touches: its fields with their arguments and types, the values of enums, the types behind
 * interfaces and unions. Answers outlive a new graph in which none of it has changed.
 */
export function hashSchemaPart(schema: GraphQLSchema, document: DocumentNode): string {
  const touched = new Set<string>();
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: () => {
        const field = types.getFieldDef();
        const parent = types.getParentType();
        if (!field || !parent) return;
        const given = field.args.map(
          ({ name, type, defaultValue }) => `${name}:${type}=${JSON.stringify(defaultValue)}`,
        );
        touched.add(`${parent.name}.${field.name}(${given.join()}):${field.type}${describe(schema, field.type)}`);
      },
    }),
  );
  return hash('sha256', [...touched].sort().join('\n'), 'base64url');
}

function describe(schema: GraphQLSchema, type: GraphQLOutputType): string {
  const named = getNamedType(type);
  if (isEnumType(named)) return ` ${named.getValues().map(({ name }) => name)}`;
  return isAbstractType(named) ? ` ${schema.getPossibleTypes(named).map(({ name }) => name)}` : '';
}
