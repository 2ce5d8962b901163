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
import { parseExact } from '../execution/exact-json.ts';
import { isObject, type Json, readOwn } from '../execution/own.ts';
import { readArgument } from './argument-value.ts';
import { compileEntityTags, type EntityTags } from './entity-tags.ts';
import { ANY_ENTITY, ANY_TYPE, namedTag, subgraphTag } from './tag.ts';
import { fillTagFormat } from './tag-format.ts';
import { addTagsAt, createTagPlaces } from './tag-places.ts';
import type { SubgraphTagRules, TagRules } from './tag-rules.ts';
import { createTypeNames } from './type-names.ts';

/** What is known of the tags of a fetch before there is an answer, and how the rest is found in one. */
export interface FetchTags {
  /** What all answers carry. */
  readonly tags: ReadonlySet<string>;
  readonly unformed: ReadonlySet<string>;
  /** Adds those that the arguments of root fields make. */
  addArgumentTags(variables: Json, tags: Set<string>, unformed: Set<string>): void;
  /** Adds those of what stands in an answer to fields of `Query`. */
  addDataTags(data: Json, tags: Set<string>): void;
  /** Those of each entity of an answer. */
  entityTags(representations: readonly string[], data: Json, unformed: Set<string>): Set<string>[];
}

const NO_RULES: SubgraphTagRules = {
  types: new Set(),
  interfaceObjects: new Set(),
  rootFormats: new Map(),
  typeFormats: new Map(),
};

/** Reads a fetch. Its text is the planner's, and valid. */
export function compileFetchTags(node: FetchNode, schema: GraphQLSchema, rules: TagRules): FetchTags {
  const document = parse(node.operation, { noLocation: true });
  const operation = operationOf(document);
  const own = rules.ofSubgraph.get(node.serviceName) ?? NO_RULES;
  const names = createTypeNames(schema, rules, own);
  const places = createTagPlaces({ schema, fragments: fragmentsOf(document), subgraph: node.serviceName, own, names });
  const root = schema.getRootType(operation.operation)?.name ?? 'Query';
  places.tags.add(subgraphTag(node.serviceName));

  const isOfEntities = node.requires !== undefined;
  const rootPlace = isOfEntities ? undefined : places.place([operation.selectionSet], root);
  const entityTags: EntityTags | undefined = isOfEntities
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
    tags: places.tags,
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
    entityTags: (representations, data, unformed) => {
      const received = readOwn(data, '_entities');
      return representations.map((text, index) => {
        const representation = parseExact(text);
        const entity: unknown = Array.isArray(received) ? received[index] : undefined;
        if (entityTags === undefined || !isObject(representation)) return new Set([ANY_ENTITY, ANY_TYPE]);
        return entityTags(representation, isObject(entity) ? entity : undefined, unformed);
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
