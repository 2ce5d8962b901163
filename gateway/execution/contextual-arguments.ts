import type { GraphQLSchema } from 'graphql';
import type { FetchDataKeyRenamer } from '../../planning/plan.ts';
import type { Entity } from './entities.ts';
import { isObject, type Json, readOwn, writeOwn } from './own.ts';
import { matchesType } from './type-condition.ts';

/** Entities that see the same contexts, and the variables that carry these. */
export interface ContextGroup {
  readonly entities: readonly Entity[];
  readonly variables: Json;
}

const FRAGMENT = '... on ';

/**
 * Groups entities by the values of `@fromContext`: a context is set by an object above the entity, so entities of one
 * fetch can see different ones, and a variable of a request can have one value. Each group is a request of its own.
 *
 * A rewrite's path starts at the entity: `..` steps up to the object that holds the field one is in, then fields and
 * `... on Type` conditions lead to the value.
 */
export function groupByContext(
  schema: GraphQLSchema,
  root: Json,
  entities: readonly Entity[],
  rewrites: readonly FetchDataKeyRenamer[] | undefined,
): ContextGroup[] {
  if (rewrites === undefined || rewrites.length === 0) return [{ entities, variables: {} }];
  const groups = new Map<string, { entities: Entity[]; variables: Json }>();
  for (const entity of entities) {
    const variables: Json = {};
    for (const { path, renameKeyTo } of rewrites) {
      const value = valueAbove(schema, root, entity, path);
      if (value !== undefined) writeOwn(variables, renameKeyTo, value);
    }
    const key = JSON.stringify(variables);
    const group = groups.get(key) ?? { entities: [], variables };
    group.entities.push(entity);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function valueAbove(schema: GraphQLSchema, root: Json, entity: Entity, path: readonly string[]): unknown {
  const place = [...entity.path];
  let index = 0;
  for (; path[index] === '..'; index++) {
    while (typeof place.at(-1) === 'number') place.pop();
    place.pop();
  }
  let value: unknown = root;
  for (const step of place) {
    value =
      Array.isArray(value) && typeof step === 'number'
        ? value[step]
        : isObject(value)
          ? readOwn(value, String(step))
          : undefined;
  }
  return follow(schema, value, path.slice(index));
}

function follow(schema: GraphQLSchema, value: unknown, path: readonly string[]): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => follow(schema, item, path));
  if (!isObject(value)) return value === null ? null : undefined;
  if (!step.startsWith(FRAGMENT)) return follow(schema, readOwn(value, step), rest);
  const typename = readOwn(value, '__typename');
  const matches = typeof typename !== 'string' || matchesType(schema, typename, step.slice(FRAGMENT.length));
  return matches ? follow(schema, value, rest) : undefined;
}
