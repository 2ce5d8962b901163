import {
  type ConstValueNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';
import type { FetchNode } from '../../planning/plan.ts';
import { isObject, type Json, readOwn } from '../execution/own.ts';
import { readArgument } from './argument-value.ts';
import { compileEntityTags } from './entity-tags.ts';
import { createReadSent, type Sent } from './sent-tags.ts';
import { namedTag, subgraphTag } from './tag.ts';
import { fillTagFormat } from './tag-format.ts';
import { addTagsAt, createTagPlaces } from './tag-places.ts';
import type { SubgraphTagRules, TagRules } from './tag-rules.ts';
import { type Tagged, type TagSet, UNTAGGED } from './tag-set.ts';
import { createTypeNames, type TypeNames } from './type-names.ts';

/** What is known of the tags of a fetch before there is an answer, and how the rest is found in one. */
export interface FetchTags {
  /** What all answers carry. */
  readonly tagged: Tagged;
  readonly unformed: ReadonlySet<string>;
  /** Adds those that the arguments of root fields make. */
  addArgumentTags(variables: Json, tags: TagSet, unformed: Set<string>): void;
  /** Adds those of what stands in an answer to fields of `Query`. */
  addDataTags(data: Json, tags: TagSet): void;
  /** Those of each entity of an answer that is sought, by its place. */
  entityTags(
    representations: readonly string[],
    data: Json,
    unformed: Set<string>,
    isSought: (index: number) => boolean,
  ): Tagged[];
}

const NO_RULES: SubgraphTagRules = {
  types: new Set(),
  interfaceObjects: new Set(),
  rootFormats: new Map(),
  typeFormats: new Map(),
};

/** What all fetches of one subgraph are read with. */
export interface SubgraphTags {
  readonly schema: GraphQLSchema;
  readonly own: SubgraphTagRules;
  readonly names: TypeNames;
  readonly readSent: (representation: string) => Sent;
}

export function readSubgraphTags(subgraph: string, schema: GraphQLSchema, rules: TagRules): SubgraphTags {
  const own = rules.ofSubgraph.get(subgraph) ?? NO_RULES;
  const names = createTypeNames(schema, rules, own);
  return { schema, own, names, readSent: createReadSent(schema, own, names) };
}

/** Reads a fetch. Its text is the planner's, and valid. */
export function compileFetchTags(node: FetchNode, { schema, own, names, readSent }: SubgraphTags): FetchTags {
  const document = parse(node.operation, { noLocation: true });
  const operation = operationOf(document);
  const places = createTagPlaces({ schema, fragments: fragmentsOf(document), subgraph: node.serviceName, own, names });
  const root = schema.getRootType(operation.operation)?.name ?? 'Query';
  places.tags.add(subgraphTag(node.serviceName));

  const isOfEntities = node.requires !== undefined;
  const rootPlace = isOfEntities ? undefined : places.place([operation.selectionSet], root);
  const entityTags = isOfEntities
    ? compileEntityTags(entitySelections(operation), {
        schema,
        own,
        names,
        places,
        types: requiredTypes(node.requires),
      })
    : undefined;

  const formats = [...places.rootFields].flatMap((field) =>
    (own.rootFormats.get(field.name.value) ?? []).map((format) => ({ field, format })),
  );
  const defaults = defaultsOf(operation);

  return {
    tagged: places.tags,
    unformed: places.unformed,
    addArgumentTags: (variables, tags, unformed) => {
      if (formats.length === 0) return;
      for (const { field, format } of formats) {
        const tag = fillTagFormat(format, ({ path }) => readArgument(field, path, { variables, defaults, schema }));
        if (tag === undefined) unformed.add(format.text);
        else tags.add(namedTag(tag));
      }
    },
    addDataTags: (data, tags) => {
      if (rootPlace !== undefined) addTagsAt(rootPlace, data, tags);
    },
    entityTags: (representations, data, unformed, isSought) => {
      const received = readOwn(data, '_entities');
      return representations.map((text, index) => {
        if (!isSought(index)) return UNTAGGED;
        const entity: unknown = Array.isArray(received) ? received[index] : undefined;
        return entityTags?.(readSent(text), isObject(entity) ? entity : undefined, unformed) ?? UNTAGGED;
      });
    },
  };
}

function operationOf({ definitions }: DocumentNode): OperationDefinitionNode {
  const operation = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) throw new TypeError('a fetch has no operation');
  return operation;
}

function fragmentsOf({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  return new Map(
    definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])),
  );
}

/** What is asked of the entities. */
function entitySelections({ selectionSet }: OperationDefinitionNode): readonly SelectionSetNode[] {
  return selectionSet.selections.flatMap((selection) =>
    selection.kind === Kind.FIELD && selection.name.value === '_entities' ? (selection.selectionSet ?? []) : [],
  );
}

function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): ReadonlyMap<string, ConstValueNode> {
  return new Map(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue === undefined ? [] : [[variable.name.value, defaultValue] as const],
    ),
  );
}

/** The types of the representations. */
function requiredTypes(requires: FetchNode['requires'] = []): string[] {
  return requires.flatMap((selection) =>
    selection.kind === 'InlineFragment' && selection.typeCondition !== undefined ? [selection.typeCondition] : [],
  );
}
