import { isObject } from '../execution/own.ts';

/** Which entities of an answer its errors are about; `all` when one of them does not say. */
export function faultyEntities(errors: readonly unknown[]): ReadonlySet<number> | 'all' {
  const faulty = new Set<number>();
  for (const error of errors) {
    const index = indexOf(error);
    if (index === undefined) return 'all';
    faulty.add(index);
  }
  return faulty;
}

/** Errors of an answer to some of the entities, with their places among all. */
export function placeErrors(errors: readonly unknown[], asked: readonly { readonly index: number }[]): unknown[] {
  return errors.map((error) => {
    const index = indexOf(error);
    const place = index === undefined ? undefined : asked[index]?.index;
    if (place === undefined || !isObject(error) || !Array.isArray(error.path)) return error;
    return { ...error, path: ['_entities', place, ...error.path.slice(2)] };
  });
}

function indexOf(error: unknown): number | undefined {
  const path = isObject(error) && Array.isArray(error.path) ? (error.path as unknown[]) : [];
  const [root, index] = path;
  return root === '_entities' && Number.isInteger(index) ? (index as number) : undefined;
}
