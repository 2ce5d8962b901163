import {
  type ConstDirectiveNode,
  type DocumentNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type SelectionSetNode,
  type TypeDefinitionNode,
} from 'graphql';
import { argumentOf, parseFieldSet } from './field-sets.ts';
import { subgraphNames } from './required-values.ts';

/** What a supergraph says to those who keep answers of its subgraphs, by the subgraphs' names. Plain data. */
export type CacheRules = ReadonlyMap<string, SubgraphCacheRules>;

/** What one subgraph has, and how its answers are to be tagged. */
export interface SubgraphCacheRules {
  /** Objects, interfaces and unions. */
  readonly types: ReadonlySet<string>;
  /** Those that are interfaces in other subgraphs and objects in this one, by `@interfaceObject`. */
  readonly interfaceObjects: ReadonlySet<string>;
  /** The entities with their keys, also those that are not resolvable here. */
  readonly keys: ReadonlyMap<string, readonly KeyPaths[]>;
  /** The formats of `@cacheTag` on fields of `Query`, by the fields. */
  readonly rootFormats: ReadonlyMap<string, readonly string[]>;
  /** The formats of `@cacheTag` on types. */
  readonly typeFormats: ReadonlyMap<string, readonly string[]>;
  /** Fields with a `@cacheTag` that are not of `Query`, where it means nothing: `Type.field`. */
  readonly misplaced: readonly string[];
}

/** A key by the paths to its values, in alphabetical order: `sku org { id }` is `org.id`, `sku`. */
export type KeyPaths = readonly string[];

/** As composition names `@cacheTag` in a supergraph, whatever name a subgraph imports it by. */
const CACHE_TAG = 'federation__cacheTag';

interface Rules {
  readonly types: Set<string>;
  readonly interfaceObjects: Set<string>;
  readonly keys: Map<string, KeyPaths[]>;
  readonly rootFormats: Map<string, string[]>;
  readonly typeFormats: Map<string, string[]>;
  readonly misplaced: string[];
}

/** Collects them from the `@join__type` and `@join__directive` of a supergraph. */
export function collectCacheRules(supergraph: DocumentNode): CacheRules {
  const names = subgraphNames(supergraph);
  const rules = new Map([...names.values()].map((name) => [name, emptyRules()]));
  const ofGraph = (graph: string | undefined) => rules.get(names.get(graph ?? '') ?? '');
  const query = queryName(supergraph);

  for (const type of supergraph.definitions) {
    if (!isComposite(type)) continue;
    const name = type.name.value;
    for (const directive of type.directives ?? []) {
      if (directive.name.value !== 'join__type') continue;
      const own = ofGraph(argumentOf(directive, 'graph'));
      const key = argumentOf(directive, 'key');
      own?.types.add(name);
      if (key !== undefined) addTo(own?.keys, name, pathsOf(parseFieldSet(key)).sort());
      if (argumentOf(directive, 'isInterfaceObject') === 'true') own?.interfaceObjects.add(name);
    }
    for (const { graphs, format } of cacheTagsOf(type.directives)) {
      for (const graph of graphs) addTo(ofGraph(graph)?.typeFormats, name, format);
    }
    if (type.kind === Kind.UNION_TYPE_DEFINITION) continue;
    for (const field of type.fields ?? []) {
      for (const { graphs, format } of cacheTagsOf(field.directives)) {
        for (const graph of graphs) {
          if (name === query) addTo(ofGraph(graph)?.rootFormats, field.name.value, format);
          else ofGraph(graph)?.misplaced.push(`${name}.${field.name.value}`);
        }
      }
    }
  }
  return rules;
}

function emptyRules(): Rules {
  return {
    types: new Set(),
    interfaceObjects: new Set(),
    keys: new Map(),
    rootFormats: new Map(),
    typeFormats: new Map(),
    misplaced: [],
  };
}

type CompositeDefinition =
  | ObjectTypeDefinitionNode
  | InterfaceTypeDefinitionNode
  | Extract<TypeDefinitionNode, { kind: Kind.UNION_TYPE_DEFINITION }>;

function isComposite(node: DocumentNode['definitions'][number]): node is CompositeDefinition {
  return (
    node.kind === Kind.OBJECT_TYPE_DEFINITION ||
    node.kind === Kind.INTERFACE_TYPE_DEFINITION ||
    node.kind === Kind.UNION_TYPE_DEFINITION
  );
}

function queryName({ definitions }: DocumentNode): string {
  const roots = definitions.flatMap((node) => (node.kind === Kind.SCHEMA_DEFINITION ? node.operationTypes : []));
  return roots.find(({ operation }) => operation === 'query')?.type.name.value ?? 'Query';
}

/** Each `@join__directive(graphs: […], name: "federation__cacheTag", args: { format: "…" })`. */
function cacheTagsOf(
  directives: readonly ConstDirectiveNode[] = [],
): { readonly graphs: readonly string[]; readonly format: string }[] {
  return directives.flatMap((directive) => {
    if (directive.name.value !== 'join__directive' || argumentOf(directive, 'name') !== CACHE_TAG) return [];
    const given = new Map((directive.arguments ?? []).map(({ name, value }) => [name.value, value]));
    const graphs = given.get('graphs');
    const args = given.get('args');
    if (graphs?.kind !== Kind.LIST || args?.kind !== Kind.OBJECT) return [];
    const format = args.fields.find(({ name }) => name.value === 'format')?.value;
    if (format?.kind !== Kind.STRING) return [];
    return {
      graphs: graphs.values.flatMap((graph) => (graph.kind === Kind.ENUM ? [graph.value] : [])),
      format: format.value,
    };
  });
}

function pathsOf({ selections }: SelectionSetNode): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD || selection.selectionSet === undefined)
      return selection.kind === Kind.FIELD ? [selection.name.value] : [];
    const below = pathsOf(selection.selectionSet);
    return selection.kind === Kind.FIELD ? below.map((path) => `${selection.name.value}.${path}`) : below;
  });
}

function addTo<Value>(map: Map<string, Value[]> | undefined, key: string, value: Value): void {
  const values = map?.get(key);
  if (values === undefined) map?.set(key, [value]);
  else values.push(value);
}
