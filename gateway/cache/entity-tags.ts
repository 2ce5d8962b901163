import { type GraphQLSchema, Kind, type SelectionSetNode } from 'graphql';
import type { Json } from '../execution/own.ts';
import type { Sent } from './sent-tags.ts';
import { ANY_ENTITY, namedTag } from './tag.ts';
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
import { type Tagged, TagList } from './tag-set.ts';
import type { SharedKey, TypeNames } from './type-names.ts';

/**
 * Finds the tags of one entity of `_entities`, besides those of the whole answer. A hot path: it runs on each that is kept. As a rule they
 * are those of the representation.
 *
 * @param entity what came; `undefined` for null
 * @param unformed gets the formats that gave no tag
 */
export type EntityTags = (sent: Sent, entity: Json | undefined, unformed: Set<string>) => Tagged;

export interface EntityTagsOptions {
  readonly schema: GraphQLSchema;
  readonly own: SubgraphTagRules;
  readonly names: TypeNames;
  readonly places: TagPlaces;
  /** The types of the representations, as the plan has them. */
  readonly types: readonly string[];
}

/** What is read of an entity that was asked for as one type and came as another, or the same. */
interface EntityReading {
  readonly plan: ObjectTags | undefined;
  readonly keys: readonly {
    readonly key: SharedKey;
    /** Where its values stand in the answer, if they were asked for. */
    readonly received: KeyInAnswer['paths'] | undefined;
  }[];
  readonly formats: readonly FormatInAnswer[];
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

  function readingOf(asked: string, answered: string): EntityReading {
    const id = answered === asked ? asked : `${asked} ${answered}`;
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

  return (sent, entity, unformed) => {
    const { type } = sent;
    if (type === undefined) return sent;
    const said = entity?.__typename;
    const answered = typeof said === 'string' && schema.getType(said) !== undefined ? said : type;
    const reading = readingOf(type, answered);
    const isAsSent = answered === type && saysNothingElse(sent, reading, entity);
    if (isAsSent && (entity === undefined || !hasBelow)) return sent;

    const tags = isAsSent ? new TagList(sent) : readBoth(sent, reading, entity, unformed);
    if (entity !== undefined && reading.plan !== undefined) addTagsBelow(reading.plan, entity, tags);
    // Nobody knows which of the selections hold, so whatever stands there may be what is purged.
    else if (entity !== undefined && hasBelow) tags.add(ANY_ENTITY);
    return tags;
  };
}

/** Whether what came has no key or format that the representation does not have with the same values. */
function saysNothingElse({ keys, isFilled }: Sent, reading: EntityReading, entity: Json | undefined): boolean {
  if (!isFilled) return false;
  for (let index = 0; index < keys.length; index++) {
    const received = reading.keys[index]?.received;
    const came = entity === undefined || received === undefined ? undefined : readValues(entity, received);
    const values = keys[index];
    if (came !== undefined && !came.every((value, at) => value === values?.[at])) return false;
  }
  return true;
}

/** The keys and formats of what was sent and of what came. */
function readBoth(
  { representation }: Sent,
  { keys, formats }: EntityReading,
  entity: Json | undefined,
  unformed: Set<string>,
): TagList {
  const tags = new TagList();
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
  return tags;
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
