import {
  type FragmentDefinitionNode,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLString,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredInputField,
  isScalarType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { Json } from '../execution/own.ts';

/** A schema of JSON, as OpenAPI 3.1 has it (JSON Schema 2020-12). */
export type JsonSchema = Json;

/** Schemas that others refer to, by name: enums and input objects. */
export type Components = Map<string, JsonSchema>;

const SCALARS: Readonly<Record<string, JsonSchema>> = {
  Int: { type: 'integer', format: 'int32' },
  Float: { type: 'number' },
  String: { type: 'string' },
  Boolean: { type: 'boolean' },
  ID: { type: 'string' },
};

/** What values of a type look like that a client sends. */
export function toInputSchema(type: GraphQLInputType, components: Components): JsonSchema {
  if (isNonNullType(type)) return toInputSchema(type.ofType, components);
  if (isListType(type)) return { type: 'array', items: toInputSchema(type.ofType, components) };
  return toNamed(type, components);
}

function toNamed(type: GraphQLNamedType, components: Components): JsonSchema {
  if (isScalarType(type)) return SCALARS[type.name] ?? toCustomScalar(type);
  if (!components.has(type.name)) {
    // Before what is in it: it may refer to itself.
    components.set(type.name, {});
    components.set(type.name, toComponent(type, components));
  }
  return { $ref: `#/components/schemas/${type.name}` };
}

function toComponent(type: GraphQLNamedType, components: Components): JsonSchema {
  const described = type.description ? { description: type.description } : {};
  if (isEnumType(type)) return { type: 'string', enum: type.getValues().map(({ name }) => name), ...described };
  if (!isInputObjectType(type)) return {};
  const fields = Object.values(type.getFields());
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.name, toInputSchema(field.type, components)])),
    required: fields.filter(isRequiredInputField).map(({ name }) => name),
    additionalProperties: false,
    ...described,
  };
}

/** Nobody knows what a scalar of a team's own looks like. */
function toCustomScalar({ name, description, specifiedByURL }: { name: string } & Described): JsonSchema {
  const text = [`${name}.`, description, specifiedByURL].filter(Boolean).join(' ');
  return { description: text };
}

interface Described {
  readonly description?: string | null | undefined;
  readonly specifiedByURL?: string | null | undefined;
}

export interface SelectionContext {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly components: Components;
}

/** What an answer to some selections looks like. */
export function toObjectSchema(
  selectionSets: readonly SelectionSetNode[],
  parent: GraphQLNamedType,
  context: SelectionContext,
): JsonSchema {
  const fields = new Map<string, Collected>();
  for (const set of selectionSets) collect(set, parent, { isSure: true, fields, context });
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const [key, { type, sets, isSure, description }] of fields) {
    const schema = toOutputSchema(type, sets, context);
    properties[key] = description ? { ...schema, description } : schema;
    if (isSure) required.push(key);
  }
  return { type: 'object', properties, required };
}

/** The fields of one response key. */
interface Collected {
  readonly type: GraphQLOutputType;
  readonly sets: SelectionSetNode[];
  /** Whether it is there whatever is asked for and found. */
  isSure: boolean;
  readonly description: string | null | undefined;
}

interface Collecting {
  readonly isSure: boolean;
  readonly fields: Map<string, Collected>;
  readonly context: SelectionContext;
}

function collect({ selections }: SelectionSetNode, parent: GraphQLNamedType, collecting: Collecting): void {
  const { fields, context } = collecting;
  for (const selection of selections) {
    // What depends on a variable may be missing.
    const isSure = collecting.isSure && (selection.directives ?? []).length === 0;
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value;
      const field = fieldOf(parent, selection.name.value);
      if (field === undefined) continue;
      const known = fields.get(key) ?? { ...field, sets: [], isSure };
      known.isSure ||= isSure;
      if (selection.selectionSet !== undefined) known.sets.push(selection.selectionSet);
      fields.set(key, known);
      continue;
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : context.fragments.get(selection.name.value);
    if (fragment === undefined) continue;
    const condition = fragment.typeCondition?.name.value;
    const type = condition === undefined ? parent : context.schema.getType(condition);
    if (type === undefined) continue;
    collect(fragment.selectionSet, type, { ...collecting, isSure: isSure && type === parent });
  }
}

function fieldOf(
  parent: GraphQLNamedType,
  name: string,
): { readonly type: GraphQLOutputType; readonly description: string | null | undefined } | undefined {
  if (name === '__typename') return { type: GraphQLString, description: undefined };
  return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
}

function toOutputSchema(
  type: GraphQLOutputType,
  sets: readonly SelectionSetNode[],
  context: SelectionContext,
): JsonSchema {
  if (isNonNullType(type)) return toPresent(type.ofType, sets, context);
  const present = toPresent(type, sets, context);
  return typeof present.type === 'string'
    ? { ...present, type: [present.type, 'null'] }
    : { anyOf: [present, { type: 'null' }] };
}

/** What is not null. */
function toPresent(type: GraphQLOutputType, sets: readonly SelectionSetNode[], context: SelectionContext): JsonSchema {
  if (isListType(type)) return { type: 'array', items: toOutputSchema(type.ofType, sets, context) };
  const named = getNamedType(type);
  return isCompositeType(named) ? toObjectSchema(sets, named, context) : toNamed(named, context.components);
}
