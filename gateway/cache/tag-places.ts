import {
  type FieldNode,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import { isObject, type Json, readOwn } from '../execution/own.ts';
import {
  findInAnswer,
  type SelectedFields,
  type SelectionContext,
  selectFields,
  selectionsBelow,
} from './selected-fields.ts';
import { ANY_ENTITY, ANY_TYPE, namedTag, toTagText, typeTag, unkeyedTag } from './tag.ts';
import { fillTagFormat, type TagFormat } from './tag-format.ts';
import type { SubgraphTagRules } from './tag-rules.ts';
import { TagSet, type TagSink } from './tag-set.ts';
import type { SharedKey, TypeNames } from './type-names.ts';

/** A place of an answer where objects stand: how their tags are found. */
export interface TagPlace {
  /** By the type that an object says it is of; at a place of one type there is but one. */
  readonly plans: ReadonlyMap<string, ObjectTags>;
  /** Of objects that need not say their type. */
  readonly only: ObjectTags | undefined;
}

/** What of an object of one type is read for its tags. */
export interface ObjectTags {
  readonly keys: readonly KeyInAnswer[];
  /** The keys that an object can be voided by and that were not asked for. */
  readonly hidden: readonly SharedKey[];
  readonly formats: readonly FormatInAnswer[];
  readonly below: readonly { readonly key: string; readonly place: TagPlace }[];
}

/** A key whose values stand in the answer. */
export interface KeyInAnswer {
  readonly key: SharedKey;
  readonly paths: readonly (readonly string[])[];
}

/** A format for the objects of a type, with the places of its values; `undefined` where one was not asked for. */
export interface FormatInAnswer {
  readonly format: TagFormat;
  readonly paths: readonly (readonly string[] | undefined)[];
}

export interface TagPlacesOptions extends SelectionContext {
  readonly subgraph: string;
  readonly own: SubgraphTagRules;
  readonly names: TypeNames;
}

/** What is collected about one operation. */
export interface TagPlaces {
  /** What all its answers carry: the types that objects in them can be of, and the keys that do not show. */
  readonly tags: TagSet;
  /** The formats of which there are objects and no values. */
  readonly unformed: Set<string>;
  /** The fields of `Query`, wherever they are asked for. */
  readonly rootFields: Set<FieldNode>;
  /** A place of a type, with everything below it; `undefined` when nothing there can have a tag of its own. */
  place(selectionSets: readonly SelectionSetNode[], type: string): TagPlace | undefined;
  /** What is read of objects of one type, with everything below. */
  objectTags(selectionSets: readonly SelectionSetNode[], runtimeType: string): ObjectTags;
  /** Adds the tags of objects that can be of this type, or of a part of it. */
  addType(type: string): void;
}

/** Reads the selections of an operation once, so that answers to it need only be walked where there is something to find. */
export function createTagPlaces({ subgraph, own, names, ...context }: TagPlacesOptions): TagPlaces {
  const { schema } = context;
  const tags = new TagSet();
  const unformed = new Set<string>();
  const rootFields = new Set<FieldNode>();
  const places = new Map<string, TagPlace | undefined>();
  const ids = new Map<SelectionSetNode, number>();

  function addType(type: string): void {
    for (const name of new Set([type, ...names.runtimeTypes(type).flatMap(names.namesOf)])) {
      tags.add(typeTag(name, subgraph)).add(typeTag(name));
    }
  }

  function place(selectionSets: readonly SelectionSetNode[], type: string): TagPlace | undefined {
    // Branches for many types lead to the same selections: read anew for each, a deep operation would take for ever.
    const id = `${type} ${selectionSets.map(idOf).join()}`;
    if (!places.has(id)) places.set(id, readPlace(selectionSets, type));
    return places.get(id);
  }

  function idOf(selectionSet: SelectionSetNode): number {
    const id = ids.get(selectionSet) ?? ids.size;
    ids.set(selectionSet, id);
    return id;
  }

  function readPlace(selectionSets: readonly SelectionSetNode[], type: string): TagPlace | undefined {
    addType(type);
    const plans = new Map(names.runtimeTypes(type).map((each) => [each, objectTags(selectionSets, each)] as const));
    for (const { hidden, formats } of plans.values()) {
      addUnkeyed(tags, hidden);
      for (const { format, paths } of formats) if (paths.includes(undefined)) unformed.add(format.text);
    }
    const [only] = plans.values();
    const isEmpty = [...plans.values()].every((plan) => !hasTags(plan));
    return isEmpty ? undefined : { plans, only: plans.has(type) && plans.size === 1 ? only : undefined };
  }

  function objectTags(selectionSets: readonly SelectionSetNode[], runtimeType: string): ObjectTags {
    const fields = selectFields(selectionSets, runtimeType, context);
    if (runtimeType === schema.getQueryType()?.name)
      for (const [node] of fields.values()) if (node) rootFields.add(node);
    const keys = names.keysOf(runtimeType).map((key) => ({ key, paths: pathsTo(fields, key.paths) }));
    const formats = names.namesOf(runtimeType).flatMap((name) => own.typeFormats.get(name) ?? []);
    return {
      keys: keys.flatMap(({ key, paths }) => (paths === undefined ? [] : [{ key, paths }])),
      hidden: keys.flatMap(({ key, paths }) => (paths === undefined ? [key] : [])),
      formats: formats.map((format) => ({
        format,
        paths: format.placeholders.map(({ path }) => findInAnswer(fields, path, context)),
      })),
      below: [...fields].flatMap(([key, nodes]) => {
        const found = placeBelow(runtimeType, nodes[0]?.name.value ?? '', selectionsBelow(nodes));
        return found === undefined ? [] : [{ key, place: found }];
      }),
    };
  }

  function pathsTo(fields: SelectedFields, paths: SharedKey['paths']): KeyInAnswer['paths'] | undefined {
    const found = paths.flatMap((path) => {
      const keys = findInAnswer(fields, path, context);
      return keys === undefined ? [] : [keys];
    });
    return found.length === paths.length ? found : undefined;
  }

  function placeBelow(parent: string, field: string, selectionSets: readonly SelectionSetNode[]): TagPlace | undefined {
    if (selectionSets.length === 0) return undefined;
    const type = schema.getType(parent);
    const definition = isObjectType(type) || isInterfaceType(type) ? type.getFields()[field] : undefined;
    const below = definition === undefined ? undefined : getNamedType(definition.type);
    if (isCompositeType(below)) return place(selectionSets, below.name);
    // Nobody knows what stands there.
    tags.add(ANY_TYPE).add(ANY_ENTITY);
    return undefined;
  }

  return { tags, unformed, rootFields, place, objectTags, addType };
}

function hasTags({ keys, formats, below }: ObjectTags): boolean {
  return keys.length > 0 || formats.length > 0 || below.length > 0;
}

/** Adds the tags of what stands at a place, and of all below. A hot path: it goes only where `place` found something. */
export function addTagsAt(place: TagPlace, value: unknown, tags: TagSink): void {
  if (Array.isArray(value)) {
    for (const item of value) addTagsAt(place, item, tags);
  } else if (isObject(value)) {
    const plan = place.only ?? place.plans.get(String(value.__typename));
    // Whatever it is, it may be what is purged.
    if (plan === undefined) tags.add(ANY_ENTITY);
    else addObjectTags(plan, value, tags);
  }
}

function addObjectTags(plan: ObjectTags, object: Json, tags: TagSink): void {
  for (const { key, paths } of plan.keys) addKey(tags, key, readValues(object, paths));
  for (const { format, paths } of plan.formats) {
    const tag = fillTagFormat(format, (_, index) => readAt(object, paths[index]));
    if (tag !== undefined) tags.add(namedTag(tag));
  }
  addTagsBelow(plan, object, tags);
}

export function addTagsBelow({ below }: ObjectTags, object: Json, tags: TagSink): void {
  for (const { key, place } of below) addTagsAt(place, readOwn(object, key), tags);
}

/** Adds the tags of an entity by one of its keys; where the values are not known, those of any entity with such a key. */
export function addKey(tags: TagSink, key: SharedKey, values: readonly string[] | undefined): void {
  if (values === undefined) addUnkeyed(tags, [key]);
  else tags.addAll(key.tagsOf(values));
}

function addUnkeyed(tags: TagSink, keys: readonly SharedKey[]): void {
  for (const { shape, types } of keys) for (const type of types) tags.add(unkeyedTag(type, shape));
}

/** @returns `undefined` unless all of them are there */
export function readValues(object: Json, paths: KeyInAnswer['paths']): readonly string[] | undefined {
  const values: string[] = [];
  for (const path of paths) {
    const text = toTagText(readAt(object, path));
    if (text === undefined) return undefined;
    values.push(text);
  }
  return values;
}

export function readAt(object: Json, path: readonly string[] | undefined): unknown {
  if (path === undefined) return undefined;
  let value: unknown = object;
  for (const key of path) value = isObject(value) ? readOwn(value, key) : undefined;
  return value;
}
