import { type GraphQLSchema, Kind, type SelectionSetNode } from 'graphql';
import { type Json, readOwn } from '../execution/own.ts';
import { ANY_ENTITY, ANY_TYPE, namedTag } from './tag.ts';
import { fillTagFormat } from './tag-format.ts';
import {
  addKey,
  addTagsBelow,
  type FormatInAnswer,
  type KeyInAnswer,
  type ObjectTags,
  readAt,
  readValues,
  type TagPlaces,
} from './tag-places.ts';
import type { SubgraphTagRules } from './tag-rules.ts';
import type { SharedKey, TypeNames } from './type-names.ts';

/**
 * Finds the tags of one entity of `_entities`, besides those of the whole answer. A hot path: it runs on each that is kept.
 *
 * @param entity what came; `undefined` for null
 * @param unformed gets the formats that gave no tag
 */
export type EntityTags = (representation: Json, entity: Json | undefined, unformed: Set<string>) => Set<string>;

export interface EntityTagsOptions {
  readonly schema: GraphQLSchema;
  readonly own: SubgraphTagRules;
  readonly names: TypeNames;
  readonly places: TagPlaces;
  /** The types of the representations, as the plan has them. */
  readonly types: readonly string[];
}

/** @param selectionSets what is asked of entities */
export function compileEntityTags(
  selectionSets: readonly SelectionSetNode[],
  { schema, own, names, places, types }: EntityTagsOptions,
): EntityTags {
  const plans = new Map<string, ObjectTags>();
  for (const type of new Set([...types, ...conditionsOf(selectionSets)])) {
    places.addType(type);
    for (const each of names.runtimeTypes(type)) plans.set(each, places.objectTags(selectionSets, each));
  }
  const hasBelow = [...plans.values()].some(({ below }) => below.length > 0);

  const readings = new Map<string, EntityReading>();

  /** How an entity is read that was asked for as one type and came as another, or the same. */
  function readingOf(asked: string, answered: string): EntityReading {
    const id = `${asked} ${answered}`;
    let reading = readings.get(id);
    if (reading === undefined) {
      const plan = plans.get(answered);
      const kinds = answered === asked ? [asked] : [asked, answered];
      const formats = new Set(kinds.flatMap(names.namesOf).flatMap((name) => own.typeFormats.get(name) ?? []));
      reading = {
        plan,
        keys: kinds.flatMap(names.keysOf).map((key) => ({
          key,
          received: plan?.keys.find((each) => each.key.shape === key.shape)?.paths,
        })),
        formats: [...formats].map((format) => ({
          format,
          paths: plan?.formats.find((each) => each.format === format)?.paths ?? [],
        })),
      };
      readings.set(id, reading);
    }
    return reading;
  }

  return (representation, entity, unformed) => {
    const tags = new Set<string>();
    const asked = String(readOwn(representation, '__typename'));
    if (schema.getType(asked) === undefined) return tags.add(ANY_ENTITY).add(ANY_TYPE);
    const said = entity?.__typename;
    const answered = typeof said === 'string' && schema.getType(said) !== undefined ? said : asked;
    const { plan, keys, formats } = readingOf(asked, answered);

    for (const { key, received } of keys) {
      // Both, because they may differ: a subgraph can find an entity by a key in another spelling.
      const sent = readValues(representation, key.paths);
      const came = entity === undefined || received === undefined ? undefined : readValues(entity, received);
      if (sent !== undefined || came === undefined) addKey(tags, key, sent);
      if (came !== undefined) addKey(tags, key, came);
    }

    for (const { format, paths } of formats) {
      const tag = fillTagFormat(format, ({ path }, place) => {
        const sent = readAt(representation, path);
        return sent === undefined && entity !== undefined ? readAt(entity, paths[place]) : sent;
      });
      if (tag === undefined) unformed.add(format.text);
      else tags.add(namedTag(tag));
    }

    if (entity !== undefined && plan !== undefined) addTagsBelow(plan, entity, tags);
    // Nobody knows which of the selections hold, so whatever stands there may be what is purged.
    else if (entity !== undefined && hasBelow) tags.add(ANY_ENTITY);
    return tags;
  };
}

interface EntityReading {
  readonly plan: ObjectTags | undefined;
  readonly keys: readonly {
    readonly key: SharedKey;
    /** Where its values stand in the answer, if they were asked for. */
    readonly received: KeyInAnswer['paths'] | undefined;
  }[];
  readonly formats: readonly FormatInAnswer[];
}

function conditionsOf(selectionSets: readonly SelectionSetNode[]): string[] {
  return selectionSets.flatMap(({ selections }) =>
    selections.flatMap((selection) =>
      selection.kind === Kind.INLINE_FRAGMENT && selection.typeCondition !== undefined
        ? [selection.typeCondition.name.value]
        : [],
    ),
  );
}
