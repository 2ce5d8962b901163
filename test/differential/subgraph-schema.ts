import { buildSubgraphSchema, type GraphQLSchemaModule } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';
import { type Arguments, type Data, describe, type Instance } from './data.ts';
import type { FieldModel, InterfaceModel, Model, ObjectModel } from './model.ts';
import { declaredFields, declaredInterfaceFields, isDeclared, printSubgraph } from './subgraph-sdl.ts';

/** An object in a subgraph: what it came with besides itself. */
interface Source extends Instance {
  /** What a gateway sent to come to it. */
  readonly $representation?: Arguments;
  /** Names of the external fields that whoever gave it provides. */
  readonly $provided?: readonly string[];
}

type Resolver = (source: Source, given: Arguments) => unknown;

/** One subgraph as a server would have it: its view of the data, and nothing more than it owns. */
export function createSubgraphSchema(model: Model, data: Data, subgraph: number): GraphQLSchema {
  const resolvers: Record<string, Record<string, Resolver>> = {};
  for (const root of model.roots.values()) {
    const fields = declaredFields(root, subgraph);
    if (fields.length > 0) resolvers[root.name] = fieldResolvers(model, data, root, fields, subgraph);
  }
  for (const type of model.types.values()) {
    if (!isDeclared(model, type.name, subgraph)) continue;
    if (type.kind === 'object') {
      resolvers[type.name] = {
        ...fieldResolvers(model, data, type, declaredFields(type, subgraph), subgraph),
        ...(type.keys.length === 0 ? {} : { __resolveReference: referenceResolver(data, type, subgraph) }),
      };
    } else if (type.kind === 'interface' && type.object?.subgraph === subgraph) {
      resolvers[type.name] = interfaceObjectResolvers(model, data, type, subgraph);
    } else {
      const isMain = type.kind === 'interface' && type.object?.main === subgraph;
      resolvers[type.name] = {
        __resolveType: ({ $type }) => $type,
        ...(isMain ? { __resolveReference: memberResolver(data, type) } : {}),
      };
    }
  }
  const typeDefs = parse(printSubgraph(model, subgraph));
  return buildSubgraphSchema([{ typeDefs, resolvers: resolvers as NonNullable<GraphQLSchemaModule['resolvers']> }]);
}

function fieldResolvers(
  model: Model,
  data: Data,
  type: ObjectModel,
  fields: readonly FieldModel[],
  subgraph: number,
): Record<string, Resolver> {
  const isRoot = model.roots.has(type.name);
  return Object.fromEntries(
    fields.map((field) => [
      field.name,
      (source, given) => {
        const instance = isRoot ? { $type: type.name, $number: 0 } : source;
        return resolve(data, type, field, instance, given, subgraph);
      },
    ]),
  );
}

function resolve(
  data: Data,
  type: ObjectModel,
  field: FieldModel,
  source: Source,
  given: Arguments,
  subgraph: number,
): unknown {
  const isProvided = source.$provided?.includes(field.name) === true;
  const isKey = field.owners.length === 0;
  if (!isProvided && !isKey && !field.owners.includes(subgraph)) {
    throw new Error(`s${subgraph} does not resolve ${type.name}.${field.name}`);
  }
  const received =
    field.requires === undefined
      ? undefined
      : describe(source.$representation ?? providedBy(data, field, source), field.requires);
  const provides = field.provides.get(subgraph);
  const value = data.valueOf(source, field, given, received);
  return provides === undefined ? value : providing(value, provides);
}

/** A subgraph that provides what a field requires has it at hand. */
function providedBy(data: Data, { requires = '' }: FieldModel, source: Source): Arguments {
  const names = requires.split(' ');
  const isAll = names.every((name) => source.$provided?.includes(name) === true);
  return isAll ? (JSON.parse(data.requirementOf(source, requires)) as Arguments) : {};
}

function providing(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((item) => providing(item, name));
  return typeof value === 'object' && value !== null ? { ...value, $provided: [name] } : value;
}

function referenceResolver(data: Data, type: ObjectModel, subgraph: number): Resolver {
  const keys = (type.homes.get(subgraph)?.keys ?? [])
    .filter(({ isResolvable }) => isResolvable)
    .map(({ fields }) => fields);
  return (reference) => {
    const representation = reference as unknown as Arguments;
    const found = data.find(type.name, representation, keys);
    return found === undefined ? null : { ...found, $representation: representation };
  };
}

function interfaceObjectResolvers(
  model: Model,
  data: Data,
  type: InterfaceModel,
  subgraph: number,
): Record<string, Resolver> {
  const fieldOf = (member: string, name: string) => {
    const object = model.types.get(member);
    const field = object?.kind === 'object' ? object.fields.get(name) : undefined;
    if (object?.kind !== 'object' || field === undefined) throw new TypeError(`${member} has no ${name}`);
    return { object, field };
  };
  const fields = declaredInterfaceFields(model, type, subgraph).map(({ name }): [string, Resolver] => [
    name,
    (source, given) => {
      const { object, field } = fieldOf(source.$type, name);
      return resolve(data, object, field, source, given, subgraph);
    },
  ]);
  const resolveMember = memberResolver(data, type);
  return {
    ...Object.fromEntries(fields),
    __resolveReference: (source, given) => {
      const found = resolveMember(source, given) as (Source & { __typename?: string }) | null;
      return found === null ? null : { ...found, __typename: type.name };
    },
  };
}

/** Finds an entity of which only the interface is known: `id` is one over all members. */
function memberResolver(data: Data, type: InterfaceModel): Resolver {
  return (reference) => {
    const representation = reference as unknown as Arguments;
    for (const member of type.members) {
      const found = data.find(member, representation, ['id']);
      if (found !== undefined) return { ...found, __typename: member, $representation: representation };
    }
    return null;
  };
}
