/**
 * A graph as its parts: one set of types over one set of data, and which subgraph has what of it. Everything else is derived:
 * the SDL and the resolvers of each subgraph, and the answers that are right.
 */
export interface Model {
  /** How many subgraphs there are; they are called `s0`, `s1`, … */
  readonly subgraphs: number;
  readonly types: ReadonlyMap<string, TypeModel>;
  /** `Query` and perhaps `Mutation`. */
  readonly roots: ReadonlyMap<string, ObjectModel>;
}

export type TypeModel = ObjectModel | InterfaceModel | UnionModel;

/** An object type. Entities have keys; value types have none, and are the same in every subgraph that has them. */
export interface ObjectModel {
  readonly kind: 'object';
  readonly name: string;
  /** Field sets; empty for a value type. */
  readonly keys: readonly string[];
  readonly fields: Map<string, FieldModel>;
  /** What each subgraph has of the type; absent where it does not know it. */
  readonly homes: Map<number, Home>;
}

/** An object type in one subgraph. */
export interface Home {
  readonly keys: { readonly fields: string; readonly isResolvable: boolean }[];
  /** Fields that are declared `@external`, because something there requires or provides them. */
  readonly external: Set<string>;
}

export interface InterfaceModel {
  readonly kind: 'interface';
  readonly name: string;
  /** Names of the entities that implement it; each has `id` as a key wherever it is. */
  readonly members: readonly string[];
  /** Names of fields that all members have. */
  readonly fields: readonly string[];
  /** The subgraph that knows it as an `@interfaceObject`, and the one that has it and all its members by `id`. */
  readonly object: { readonly subgraph: number; readonly main: number } | undefined;
}

export interface UnionModel {
  readonly kind: 'union';
  readonly name: string;
  readonly members: readonly string[];
}

export interface FieldModel {
  readonly name: string;
  /** As in SDL: `[T1!]!`. */
  readonly type: string;
  readonly arguments: readonly ArgumentModel[];
  /** The subgraphs that resolve it. */
  readonly owners: number[];
  /** The subgraph that resolved it before it was overridden, and still declares it. */
  overrides: number | undefined;
  /** Required of the entity, as a field set. */
  requires: string | undefined;
  /** Of the entity that it gives, by subgraph. */
  readonly provides: Map<number, string>;
  isInaccessible: boolean;
  /** Subgraphs that declare it without the outermost `!`. */
  readonly weakIn: Set<number>;
  /** Whether it belongs to an `@interfaceObject`: then it stands in that type alone. */
  readonly isOfInterfaceObject: boolean;
  /** Whether some subgraph provides it. */
  isProvided: boolean;
}

export interface ArgumentModel {
  readonly name: string;
  readonly type: string;
  /** As in SDL. */
  readonly defaultValue: string | undefined;
}

/** How many entities there are of each type. */
export const ENTITIES = 4;

/** What every subgraph has besides. */
export const COMMON_SDL = `
  enum Color { RED GREEN BLUE }
  scalar Any
  input Filter { least: Int = 1 colors: [Color!] inner: Filter }
`;

/** The name without lists and `!`. */
export function namedType(type: string): string {
  return type.replace(/[[\]!]/g, '');
}

export function isLeafName(name: string): boolean {
  return ['ID', 'String', 'Int', 'Float', 'Boolean', 'Color', 'Any'].includes(name);
}
