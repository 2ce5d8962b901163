import type { GraphQLSchema } from 'graphql';
import type { CacheRules, KeyPaths, SubgraphCacheRules } from '../../planning/cache-rules.ts';
import type { Invalidation } from '../../service/invalidation.ts';
import { type KeyShape, toShape } from './tag.ts';
import { parseTagFormat, type TagFormat, TagFormatError } from './tag-format.ts';

/** How the answers of a graph's subgraphs are tagged. */
export interface TagRules {
  readonly ofSubgraph: ReadonlyMap<string, SubgraphTagRules>;
  /** The keys of each entity, of all subgraphs: by any of them it can be voided. */
  readonly keys: ReadonlyMap<string, readonly DeclaredKey[]>;
  /** What an operator should know: formats that give no tags, each with its place. */
  readonly warnings: readonly string[];
}

/** How the answers of one subgraph are tagged. */
export interface SubgraphTagRules extends Pick<SubgraphCacheRules, 'types' | 'interfaceObjects'> {
  /** By the fields of `Query`. */
  readonly rootFormats: ReadonlyMap<string, readonly TagFormat[]>;
  readonly typeFormats: ReadonlyMap<string, readonly TagFormat[]>;
}

/** A key of an entity. */
export interface DeclaredKey {
  readonly shape: KeyShape;
  /** To its values, in the order of the shape. */
  readonly paths: readonly (readonly string[])[];
}

/**
 * Reads the formats and keys. What means nothing is left out, with a warning: composition looks into no format, so that
 * one subgraph's misspelling would otherwise take the gateway down.
 */
export function readTagRules(rules: CacheRules, schema: GraphQLSchema): TagRules {
  const warnings: string[] = [];
  const ofSubgraph = new Map<string, SubgraphTagRules>();
  const argumentsOf = schema.getQueryType()?.getFields() ?? {};

  for (const [subgraph, { types, interfaceObjects, keys, rootFormats, typeFormats, misplaced }] of rules) {
    const parse = (place: string, formats: readonly string[], check: (format: TagFormat) => string | undefined) =>
      formats.flatMap((text) => {
        const read = tryParse(text);
        const fault = typeof read === 'string' ? read : check(read);
        if (typeof read !== 'string' && fault === undefined) return [read];
        warnings.push(
          `@cacheTag(format: ${JSON.stringify(text)}) on ${place} in subgraph "${subgraph}" gives no tag: it ${fault}`,
        );
        return [];
      });
    ofSubgraph.set(subgraph, {
      types,
      interfaceObjects,
      rootFormats: mapValues(rootFormats, (formats, field) => {
        const names = new Set(argumentsOf[field]?.args.map(({ name }) => name));
        return parse(`Query.${field}`, formats, (format) => findStrayArgument(format, names));
      }),
      typeFormats: mapValues(typeFormats, (formats, type) =>
        parse(type, formats, (format) => findStrayKey(format, keys.get(type) ?? [])),
      ),
    });
    for (const field of misplaced)
      warnings.push(
        `@cacheTag on ${field} in subgraph "${subgraph}" gives no tag: it is for fields of Query and for types`,
      );
  }
  return { ofSubgraph, keys: mergeKeys(rules), warnings };
}

/** What of an invalidation the graph does not know, so that it voids nothing: one line for who sent it. */
export function findUnknown(invalidation: Invalidation, rules: TagRules, schema: GraphQLSchema): string | undefined {
  const { kind } = invalidation;
  if (kind === 'tag') return undefined;
  const { subgraph } = invalidation;
  if (subgraph !== undefined && !rules.ofSubgraph.has(subgraph)) {
    return `there is no subgraph "${subgraph}"; there are ${[...rules.ofSubgraph.keys()].join(', ')}`;
  }
  if (kind === 'subgraph') return undefined;
  const { type } = invalidation;
  if (schema.getType(type) === undefined) return `there is no type "${type}"`;
  if (kind === 'type') return undefined;
  const keys = rules.keys.get(type);
  if (keys === undefined) return `${type} is no entity: it has no key`;
  const shape = toShape(invalidation.key);
  if (keys.some((key) => key.shape === shape)) return undefined;
  return `${type} has no key of ${shape.replaceAll(',', ' and ')}; its keys are ${keys.map((key) => key.shape).join(' | ')}`;
}

function tryParse(text: string): TagFormat | string {
  try {
    return parseTagFormat(text);
  } catch (error) {
    if (error instanceof TagFormatError) return error.message;
    throw error;
  }
}

function findStrayArgument({ placeholders }: TagFormat, names: ReadonlySet<string>): string | undefined {
  const stray = placeholders.find(({ source, path: [name = ''] }) => source === 'key' || !names.has(name));
  if (stray === undefined) return undefined;
  return stray.source === 'key'
    ? 'has a {$key…}, which is for types'
    : `has {$args.${stray.path.join('.')}}, and the field has no argument "${stray.path[0]}"`;
}

function findStrayKey({ placeholders }: TagFormat, keys: readonly KeyPaths[]): string | undefined {
  const paths = new Set(keys.flat());
  const stray = placeholders.find(({ source, path }) => source === 'args' || !paths.has(path.join('.')));
  if (stray === undefined) return undefined;
  return stray.source === 'args'
    ? 'has an {$args…}, which is for fields of Query'
    : `has {$key.${stray.path.join('.')}}, which is in no key of the type`;
}

function mergeKeys(rules: CacheRules): ReadonlyMap<string, readonly DeclaredKey[]> {
  const merged = new Map<string, Map<KeyShape, DeclaredKey>>();
  for (const { keys } of rules.values()) {
    for (const [type, declared] of keys) {
      const shapes = merged.get(type) ?? new Map<KeyShape, DeclaredKey>();
      merged.set(type, shapes);
      for (const paths of declared)
        shapes.set(paths.join(), { shape: paths.join(), paths: paths.map((path) => path.split('.')) });
    }
  }
  return mapValues(merged, (shapes) => [...shapes.values()]);
}

function mapValues<From, To>(
  map: ReadonlyMap<string, From>,
  change: (value: From, key: string) => To,
): Map<string, To> {
  return new Map([...map].map(([key, value]) => [key, change(value, key)]));
}
