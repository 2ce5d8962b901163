import { isLeafName, type Model, namedType } from './model.ts';
import type { Random } from './random.ts';

/** Makes a subgraph know a type, and all that it has to know with it. */
export function ensureType(model: Model, subgraph: number, name: string, random: Random): void {
  const type = model.types.get(name);
  if (isLeafName(name) || type === undefined) return;
  if (type.kind === 'object') {
    if (type.homes.has(subgraph)) return;
    if (type.keys.length === 0) {
      type.homes.set(subgraph, { keys: [], external: new Set() });
      for (const field of type.fields.values()) ensureType(model, subgraph, namedType(field.type), random);
    } else {
      const isMember = [...model.types.values()].some(
        (each) => each.kind === 'interface' && each.members.includes(name),
      );
      const fields = isMember ? 'id' : random.pick(type.keys);
      type.homes.set(subgraph, { keys: [{ fields, isResolvable: random.chance(0.4) }], external: new Set() });
      if (fields.startsWith('org')) ensureType(model, subgraph, 'Org', random);
    }
    return;
  }
  if (type.kind === 'interface' && type.object?.subgraph === subgraph) return;
  const present = type.members.filter((member) => hasHome(model, member, subgraph));
  if (present.length === 0) ensureType(model, subgraph, random.pick(type.members), random);
}

/** Whether a subgraph may know a type: one that has an `@interfaceObject` knows none of its implementations. */
export function isKnowable(model: Model, subgraph: number, name: string, seen: readonly string[] = []): boolean {
  const type = model.types.get(name);
  if (isLeafName(name) || type === undefined || seen.includes(name)) return true;
  const path = [...seen, name];
  if (type.kind === 'union') return type.members.every((member) => isKnowable(model, subgraph, member, path));
  if (type.kind === 'interface') {
    if (type.object?.subgraph === subgraph) return true;
    return type.members.every((member) => isKnowable(model, subgraph, member, path));
  }
  const isBanned = [...model.types.values()].some(
    (each) => each.kind === 'interface' && each.object?.subgraph === subgraph && each.members.includes(name),
  );
  if (isBanned) return false;
  return (
    type.keys.length > 0 ||
    [...type.fields.values()].every((field) => isKnowable(model, subgraph, namedType(field.type), path))
  );
}

/** The object types that a field of an abstract type can give: those that all its subgraphs know. */
export function possibleTypes(model: Model, name: string, subgraphs: readonly number[]): string[] {
  const type = model.types.get(name);
  if (type === undefined) return [];
  if (type.kind === 'object') return [name];
  return type.members.filter((member) =>
    subgraphs.every(
      (subgraph) =>
        hasHome(model, member, subgraph) || (type.kind === 'interface' && type.object?.subgraph === subgraph),
    ),
  );
}

function hasHome(model: Model, name: string, subgraph: number): boolean {
  const type = model.types.get(name);
  return type?.kind === 'object' && type.homes.has(subgraph);
}
