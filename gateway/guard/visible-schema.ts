import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLFieldConfigMap,
  GraphQLInterfaceType,
  GraphQLList,
  type GraphQLNamedType,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  type GraphQLType,
  GraphQLUnionType,
  getNamedType,
  isInputType,
  isInterfaceType,
  isIntrospectionType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { AccessRule, AccessRules } from '../../planning/access-rules.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { inputTypesIn, rulesOfField } from './guarded-operation.ts';

/** Schemas of one graph that are kept. */
const MOST_SCHEMAS = 32;

/** Makes the function that gives what a graph is for those by whom some of its rules are not met: made once for all of these. */
export function createVisibleSchemas(): (supergraph: Supergraph, unmet: readonly AccessRule[]) => GraphQLSchema {
  const byGraph = new WeakMap<Supergraph, LRUCache<string, GraphQLSchema>>();
  return (supergraph, unmet) => {
    const known = byGraph.get(supergraph) ?? new LRUCache<string, GraphQLSchema>({ max: MOST_SCHEMAS });
    byGraph.set(supergraph, known);
    const key = JSON.stringify(unmet);
    const schema = known.get(key) ?? toVisibleSchema(supergraph.apiSchema, supergraph.planner.accessRules, unmet);
    known.set(key, schema);
    return schema;
  };
}

/**
 * What a graph is for those by whom some of its rules are not met: without what they would be refused, and without what leads
 * to nothing else. For introspection alone: it is not validated.
 */
export function toVisibleSchema(
  schema: GraphQLSchema,
  rules: AccessRules,
  unmet: readonly AccessRule[],
): GraphQLSchema {
  if (unmet.length === 0) return schema;
  const unmetKeys = new Set(unmet.map((rule) => JSON.stringify(rule)));
  const isForbidden = (demanded: readonly AccessRule[] = []) =>
    demanded.some((rule) => unmetKeys.has(JSON.stringify(rule)));
  const hidden = new Set<GraphQLNamedType>();
  const roots = new Set<GraphQLNamedType>(
    [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter((type) => type != null),
  );
  const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type));
  // What is hidden hides more: until nothing does any more.
  for (let before = -1; before < hidden.size; ) {
    before = hidden.size;
    for (const type of types) if (!hidden.has(type) && !roots.has(type) && isHidden(type)) hidden.add(type);
  }

  const made = new Map<GraphQLNamedType, GraphQLNamedType>();
  const toRoot = (type: GraphQLObjectType | null | undefined) =>
    type && fieldsOf(type).length > 0 ? (make(type) as GraphQLObjectType) : undefined;
  return new GraphQLSchema({
    ...schema.toConfig(),
    // A graph has a query type, also for who may ask for nothing of it.
    query: schema.getQueryType() && (make(schema.getQueryType() as GraphQLNamedType) as GraphQLObjectType),
    mutation: toRoot(schema.getMutationType()),
    subscription: toRoot(schema.getSubscriptionType()),
    types: types.filter((type) => isObjectType(type) && !hidden.has(type) && !roots.has(type)).map(make),
    assumeValid: true,
  });

  function isHidden(type: GraphQLNamedType): boolean {
    if (isForbidden(rules.get(type.name))) return true;
    if (isObjectType(type) || isInterfaceType(type)) return fieldsOf(type).length === 0;
    if (isUnionType(type)) return type.getTypes().every((member) => hidden.has(member));
    return isInputType(type) && [...inputTypesIn(type)].some(({ name }) => isForbidden(rules.get(name)));
  }

  function fieldsOf(type: GraphQLObjectType | GraphQLInterfaceType): GraphQLField<unknown, unknown>[] {
    return Object.values(type.getFields()).filter(
      (field) =>
        !isForbidden(rulesOfField(rules, type.name, field)) &&
        !hidden.has(getNamedType(field.type)) &&
        !field.args.some((argument) => isRequiredArgument(argument) && isHiddenArgument(argument)),
    );
  }

  function isHiddenArgument({ type }: GraphQLArgument): boolean {
    return hidden.has(getNamedType(type));
  }

  /** The type as it is seen. Scalars, enums and input types are seen whole or not at all. */
  function make(type: GraphQLNamedType): GraphQLNamedType {
    const known = made.get(type);
    if (known !== undefined) return known;
    const seen = remake(type);
    made.set(type, seen);
    return seen;
  }

  function remake(type: GraphQLNamedType): GraphQLNamedType {
    if (isUnionType(type)) {
      const members = () => type.getTypes().filter((member) => !hidden.has(member));
      return new GraphQLUnionType({ ...type.toConfig(), types: () => members().map(make) as GraphQLObjectType[] });
    }
    if (!isObjectType(type) && !isInterfaceType(type)) return type;
    const config = {
      fields: () => toConfigs(type),
      interfaces: () =>
        type
          .getInterfaces()
          .filter((one) => !hidden.has(one))
          .map(make) as GraphQLInterfaceType[],
    };
    return isObjectType(type)
      ? new GraphQLObjectType({ ...type.toConfig(), ...config })
      : new GraphQLInterfaceType({ ...type.toConfig(), ...config });
  }

  function toConfigs(type: GraphQLObjectType | GraphQLInterfaceType): GraphQLFieldConfigMap<unknown, unknown> {
    const configs = type.toConfig().fields;
    return Object.fromEntries(
      fieldsOf(type).map(({ name, type: value, args }) => {
        const seen = new Set(args.filter((argument) => !isHiddenArgument(argument)).map((argument) => argument.name));
        const given = Object.entries(configs[name]?.args ?? {}).filter(([argument]) => seen.has(argument));
        return [name, { ...configs[name], type: wrapLike(value), args: Object.fromEntries(given) }];
      }),
    ) as GraphQLFieldConfigMap<unknown, unknown>;
  }

  function wrapLike(type: GraphQLType): GraphQLType {
    if (isNonNullType(type)) return new GraphQLNonNull(wrapLike(type.ofType));
    if (isListType(type)) return new GraphQLList(wrapLike(type.ofType));
    return make(type);
  }
}
