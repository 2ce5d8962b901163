import { type GraphQLSchema, isAbstractType, isInterfaceType, isObjectType } from 'graphql';
import { createRemember } from './remember.ts';
import { entityTag } from './tag.ts';
import type { DeclaredKey, SubgraphTagRules, TagRules } from './tag-rules.ts';
import { type Tagged, toTagged } from './tag-set.ts';

/** Which types an object of one subgraph's answer can be of, and by which names it can be voided. */
export interface TypeNames {
  /** What a subgraph may name as the type of an object where it promises this type: objects, and `@interfaceObject`s. */
  runtimeTypes(type: string): readonly string[];
  /** All types that an object is of, or may be of where only its interface is known: a purge by any of them is meant for it. */
  namesOf(runtimeType: string): readonly string[];
  /** The keys by which it can be voided; several types can have the same. */
  keysOf(runtimeType: string): readonly SharedKey[];
}

/** A key that entities of several types have: an interface and what implements it. */
export interface SharedKey extends DeclaredKey {
  readonly types: readonly string[];
  /** The tags of the entity that has these values. Those of many are remembered: they come again and again. */
  tagsOf(values: readonly string[]): Tagged;
}

export function createTypeNames(schema: GraphQLSchema, rules: TagRules, own: SubgraphTagRules): TypeNames {
  const runtimeTypes = remember((name: string) => {
    const type = schema.getType(name);
    if (!isAbstractType(type)) return [name];
    // Where it is an object, nobody there knows what it is besides.
    if (own.interfaceObjects.has(name)) return [name];
    const objects = schema.getPossibleTypes(type).filter((each) => own.types.has(each.name));
    const interfaceObjects = [...own.interfaceObjects].filter((each) => {
      const known = schema.getType(each);
      return isInterfaceType(known) && schema.isSubType(type, known);
    });
    return [...objects.map((each) => each.name), ...interfaceObjects];
  });

  const namesOf = remember((name: string) => {
    const type = schema.getType(name);
    const kinds = isAbstractType(type) ? [type, ...schema.getPossibleTypes(type)] : isObjectType(type) ? [type] : [];
    const names = kinds.flatMap((kind) => [
      kind.name,
      ...(isObjectType(kind) || isInterfaceType(kind) ? kind.getInterfaces().map((each) => each.name) : []),
    ]);
    return [...new Set(names)];
  });

  const keysOf = remember((name: string) => {
    const shared = new Map<string, { readonly key: DeclaredKey; readonly types: string[] }>();
    for (const type of namesOf(name)) {
      for (const key of rules.keys.get(type) ?? []) {
        const found = shared.get(key.shape);
        if (found === undefined) shared.set(key.shape, { key, types: [type] });
        else found.types.push(type);
      }
    }
    return [...shared.values()].map(({ key, types }) => ({ ...key, types, tagsOf: rememberTags(key.shape, types) }));
  });

  return { runtimeTypes, namesOf, keysOf };
}

/** Of each key of each type of a subgraph. */
const MOST_REMEMBERED = 2_000;

function rememberTags(shape: DeclaredKey['shape'], types: readonly string[]): SharedKey['tagsOf'] {
  const remember = createRemember<Tagged>(MOST_REMEMBERED);
  return (values) =>
    remember(values.length === 1 ? (values[0] as string) : JSON.stringify(values), () =>
      toTagged(types.map((type) => entityTag(type, shape, values))),
    );
}

/** Only of names in a schema: a subgraph could make up others without end. */
function remember<Value>(make: (name: string) => Value): (name: string) => Value {
  const made = new Map<string, Value>();
  return (name) => {
    let value = made.get(name);
    if (value === undefined) {
      value = make(name);
      made.set(name, value);
    }
    return value;
  };
}
