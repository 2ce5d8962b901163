/**
 * Reading and writing names that come from clients and subgraphs. `constructor` and `__proto__` are legal response keys: a
 * plain read would find what every object inherits, a plain write would change what it inherits from.
 */

export type Json = Record<string, unknown>;

/** Whether a value is a JSON object. A number that is kept by its text (see exact-json.ts) is none. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
}

export function readOwn(object: Json, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

export function writeOwn(object: Json, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else object[key] = value;
}

/** Whether every object inherits something of this name: other names can be read and written plainly, which is faster. */
export function isInherited(key: string): boolean {
  return key in Object.prototype;
}
