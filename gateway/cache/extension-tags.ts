import { isObject, readOwn } from '../execution/own.ts';
import { LONGEST_TAG } from './tag-format.ts';

/** Tags that a subgraph gives while it runs, in the extensions of its response; by the names that Apollo Router gave them. */
export interface ExtensionTags {
  /** `apolloCacheTags: ["a", "b"]`: of the whole answer. */
  readonly answer: readonly string[];
  /** `apolloEntityCacheTags: [["a"], []]`: of each entity of `_entities`, by its place. Empty when there are none. */
  readonly entities: readonly (readonly string[])[];
}

/** More of them are a mistake. */
const MOST_TAGS = 10_000;

const NONE: ExtensionTags = { answer: [], entities: [] };

/**
 * @param entities how many entities were asked for; `undefined` for fields of `Query`
 * @returns what is wrong with them, as text: then nobody knows what would void the answer, and it must not be kept
 */
export function readExtensionTags(extensions: unknown, entities: number | undefined): ExtensionTags | string {
  if (!isObject(extensions)) return NONE;
  const answer = readOwn(extensions, 'apolloCacheTags') ?? [];
  const perEntity = readOwn(extensions, 'apolloEntityCacheTags') ?? [];
  if (!isTags(answer)) return `extensions.apolloCacheTags is not a list of texts of 1 to ${LONGEST_TAG} characters`;
  if (!Array.isArray(perEntity) || !perEntity.every(isTags)) {
    return 'extensions.apolloEntityCacheTags is not a list of lists of texts';
  }
  if (perEntity.length > 0 && perEntity.length !== entities) {
    return entities === undefined
      ? 'extensions.apolloEntityCacheTags comes with an answer that is not of _entities'
      : `extensions.apolloEntityCacheTags has ${perEntity.length} lists for ${entities} entities`;
  }
  return { answer, entities: perEntity };
}

function isTags(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length <= MOST_TAGS &&
    value.every((tag) => typeof tag === 'string' && tag.length > 0 && tag.length <= LONGEST_TAG)
  );
}
