import {
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  isAbstractType,
  isCompositeType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { ConfigError } from '../../service/config.ts';
import type { CacheConfig } from '../cache-config.ts';
import type { Json } from '../execution/own.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { readArgument } from './argument-value.ts';
import type { Record } from './record.ts';
import { ANY_ENTITY, ANY_TYPE, namedTag, typeTag, unkeyedTag } from './tag.ts';
import { fillTagFormat, parseTagFormat, type TagFormat, TagFormatError } from './tag-format.ts';

/** A mutation that has ended, somehow. */
export interface Written {
  readonly supergraph: Supergraph;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly coercedVariables: Json;
  /** Fields that were not done because the client may not have them. */
  readonly refused?: { has(field: FieldNode): boolean } | undefined;
  /** What subgraphs answered. */
  readonly record: Record;
  /** Whether all of it was answered without an error: otherwise nobody knows what was done. */
  readonly isKnown: boolean;
}

/** Stands for everything, while tags are collected. */
const ANY_ENTITY_OF_ALL = 'everything';

interface MutationRule {
  readonly entities: boolean;
  readonly types: readonly string[];
  readonly formats: readonly TagFormat[];
}

/**
 * Makes the function that finds what a mutation voids, by the rules for its fields: tags, types, and the entities that it returned. When
 * nobody knows what it did, everything with objects of the types that it would have returned.
 *
 * @throws {ConfigError} at once, for a format that is none
 */
export function createWrittenTags(
  rules: CacheConfig['mutations'],
): (written: Written) => ReadonlySet<string> | 'everything' {
  const parsed = new Map<string, MutationRule>(
    Object.entries(rules).map(([field, { tags, types, entities }]) => [
      field,
      { entities, types, formats: tags.map((tag) => parseAt(`cache.mutations.${field}.tags`, tag)) },
    ]),
  );

  return (written) => {
    const { supergraph, operation, fragments, coercedVariables: variables, refused, record, isKnown } = written;
    const tags = new Set<string>();
    const schema = supergraph.schema;
    for (const field of fieldsOf(operation.selectionSet, fragments)) {
      const rule = refused?.has(field) === true ? undefined : parsed.get(field.name.value);
      if (rule === undefined) continue;
      for (const type of rule.types) addType(tags, type);
      for (const format of rule.formats) {
        const tag = fillTagFormat(format, ({ path }) =>
          readArgument(field, path, { variables, defaults: new Map(), schema }),
        );
        if (tag !== undefined) tags.add(namedTag(tag));
      }
      if (!rule.entities) continue;
      for (const step of record.steps) for (const tag of step.tags ?? []) addEntity(tags, tag);
      if (!isKnown) for (const type of typesIn(written)) addType(tags, type);
    }
    return tags.has(ANY_ENTITY_OF_ALL) ? 'everything' : tags;
  };
}

function parseAt(path: string, tag: string): TagFormat {
  try {
    return parseTagFormat(tag);
  } catch (error) {
    if (!(error instanceof TagFormatError)) throw error;
    throw new ConfigError([{ path, message: `${JSON.stringify(tag)} ${error.message}` }]);
  }
}

/** The types of all objects that a mutation asks for. */
function typesIn({ supergraph: { schema }, operation, fragments }: Written): ReadonlySet<string> {
  const found = new Set<string>();
  const types = new TypeInfo(schema);
  const note = () => {
    const named = getNamedType(types.getType());
    if (!isCompositeType(named)) return;
    found.add(named.name);
    if (isAbstractType(named)) for (const { name } of schema.getPossibleTypes(named)) found.add(name);
  };
  const document = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments.values()] } as const;
  visit(document, visitWithTypeInfo(types, { Field: note, InlineFragment: note, FragmentDefinition: note }));
  return found;
}

/** From what an answer carries to what voids all that has the same entity in it. */
function addEntity(tags: Set<string>, carried: string): void {
  // Entities that nobody knows: what else has them in it?
  if (carried === ANY_ENTITY) tags.add(ANY_ENTITY_OF_ALL);
  const [kind, type, shape = ''] = carried.split(':', 3);
  if (type === undefined) return;
  if (kind === 'entity') {
    tags.add(carried);
    tags.add(unkeyedTag(type, shape));
    tags.add(ANY_ENTITY);
  } else if (kind === 'unkeyed') addType(tags, type);
}

function addType(tags: Set<string>, type: string): void {
  tags.add(typeTag(type));
  tags.add(ANY_TYPE);
}

function fieldsOf({ selections }: SelectionSetNode, fragments: Written['fragments']): FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === 'Field') return [selection];
    const set =
      selection.kind === 'InlineFragment' ? selection.selectionSet : fragments.get(selection.name.value)?.selectionSet;
    return set === undefined ? [] : fieldsOf(set, fragments);
  });
}
