import { type DirectiveNode, type DocumentNode, Kind, type SelectionSetNode } from 'graphql';
import { argumentOf, parseFieldSet, requiresOf } from './field-sets.ts';
import { subgraphNames } from './required-values.ts';

/** What a subgraph says of a field. */
export interface Demands {
  readonly requires: SelectionSetNode | undefined;
  readonly provides: SelectionSetNode | undefined;
  readonly isExternal: boolean;
}

/** What all subgraphs say of their fields. */
export interface Demanded {
  /** By `subgraph Type.field`. */
  readonly demands: ReadonlyMap<string, Demands>;
  /** The name of the type of `Type.field`. */
  readonly typeOf: ReadonlyMap<string, string>;
  /** The names in all keys of `subgraph Type`. */
  readonly keysOf: ReadonlyMap<string, ReadonlySet<string>>;
  /** The subgraphs that have an interface as an `@interfaceObject`, by its name: they do not know what type its objects have. */
  readonly interfaceObjects: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The root types of a supergraph; composition gives them these names. */
export const ROOTS = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;

/** Reads them from a supergraph schema. */
export function readDemands(supergraph: DocumentNode): Demanded {
  const subgraphs = subgraphNames(supergraph);
  const demands = new Map<string, Demands>();
  const typeOf = new Map<string, string>();
  const keysOf = new Map<string, ReadonlySet<string>>();
  const interfaceObjects = new Map<string, Set<string>>();
  const subgraphOf = (directive: DirectiveNode) => {
    const graph = argumentOf(directive, 'graph') ?? '';
    return subgraphs.get(graph) ?? graph;
  };
  for (const type of supergraph.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const directive of type.directives ?? []) {
      if (directive.name.value !== 'join__type') continue;
      if (argumentOf(directive, 'isInterfaceObject') === 'true') {
        const name = type.name.value;
        interfaceObjects.set(name, (interfaceObjects.get(name) ?? new Set()).add(subgraphOf(directive)));
      }
      const place = `${subgraphOf(directive)} ${type.name.value}`;
      const key = argumentOf(directive, 'key');
      if (key === undefined) continue;
      keysOf.set(
        place,
        new Set([...(keysOf.get(place) ?? []), ...key.split(/[\s{},]+/).filter((name) => name !== '')]),
      );
    }
    for (const field of type.fields ?? []) {
      let named = field.type;
      while (named.kind !== Kind.NAMED_TYPE) named = named.type;
      typeOf.set(`${type.name.value}.${field.name.value}`, named.name.value);
      for (const directive of field.directives ?? []) {
        if (directive.name.value !== 'join__field' || argumentOf(directive, 'graph') === undefined) continue;
        const subgraph = subgraphOf(directive);
        const requires = requiresOf(directive);
        const provides = argumentOf(directive, 'provides');
        const isKey = keysOf.get(`${subgraph} ${type.name.value}`)?.has(field.name.value) === true;
        demands.set(`${subgraph} ${type.name.value}.${field.name.value}`, {
          requires: requires === undefined ? undefined : parseFieldSet(requires),
          provides: provides === undefined ? undefined : parseFieldSet(provides),
          isExternal: argumentOf(directive, 'external') === 'true' && !isKey,
        });
      }
    }
  }
  return { demands, typeOf, keysOf, interfaceObjects };
}
