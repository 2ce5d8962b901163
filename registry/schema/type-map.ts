import {
  type DefinitionNode,
  type DirectiveNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  parse,
  print,
} from 'graphql';

/** A type of a supergraph, and which subgraphs it comes from. */
export interface MappedType {
  readonly name: string;
  readonly kind: 'OBJECT' | 'INTERFACE' | 'INPUT_OBJECT' | 'UNION' | 'ENUM' | 'SCALAR';
  readonly description: string | null;
  /** Whether clients do not see it. */
  readonly isHidden: boolean;
  /** Whether subgraphs can ask one another for more of it. */
  readonly isEntity: boolean;
  readonly shares: readonly TypeShare[];
  /** Fields, or the members of a union, or the values of an enum. */
  readonly fields: readonly MappedField[];
}

/** What one subgraph has of a type. */
export interface TypeShare {
  readonly subgraph: string;
  /** As in `@key(fields:)`; each once. */
  readonly keys: readonly string[];
  /** How many fields can be asked of it. */
  readonly fieldCount: number;
}

export interface MappedField {
  readonly name: string;
  /** None for a member of a union or a value of an enum. */
  readonly type: string | null;
  readonly arguments: readonly string[];
  readonly description: string | null;
  readonly deprecated: string | null;
  readonly isHidden: boolean;
  /** Of which it can be asked. */
  readonly subgraphs: readonly string[];
  /** What it needs of others first, as in `@requires(fields:)`. */
  readonly requires: string | null;
}

const KINDS: Partial<Record<DefinitionNode['kind'], MappedType['kind']>> = {
  [Kind.OBJECT_TYPE_DEFINITION]: 'OBJECT',
  [Kind.INTERFACE_TYPE_DEFINITION]: 'INTERFACE',
  [Kind.INPUT_OBJECT_TYPE_DEFINITION]: 'INPUT_OBJECT',
  [Kind.UNION_TYPE_DEFINITION]: 'UNION',
  [Kind.ENUM_TYPE_DEFINITION]: 'ENUM',
  [Kind.SCALAR_TYPE_DEFINITION]: 'SCALAR',
};

/** Names of the specifications that a supergraph is written in: no part of the graph. */
const MACHINERY = /^(?:join|link|core|federation)__/;

/** Reads which field comes from where out of a supergraph, as the join specification (v0.3 to v0.5) writes it. By name. */
export function mapTypes(supergraph: string): readonly MappedType[] {
  const { definitions } = parse(supergraph, { noLocation: true });
  const subgraphs = readSubgraphNames(definitions);
  return definitions.flatMap((definition) => mapType(definition, subgraphs)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** By their names in the enum `join__Graph`. */
function readSubgraphNames(definitions: readonly DefinitionNode[]): ReadonlyMap<string, string> {
  const graphs = definitions.find(
    (definition) => definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph',
  );
  const values = graphs?.kind === Kind.ENUM_TYPE_DEFINITION ? (graphs.values ?? []) : [];
  return new Map(
    values.map(({ name, directives }) => [
      name.value,
      argument(named(directives, 'join__graph')[0], 'name') ?? name.value,
    ]),
  );
}

function mapType(definition: DefinitionNode, names: ReadonlyMap<string, string>): MappedType[] {
  const kind = KINDS[definition.kind];
  if (kind === undefined || !('name' in definition) || definition.name === undefined) return [];
  const name = definition.name.value;
  const joins = named(definition.directives, 'join__type');
  if (MACHINERY.test(name) || joins.length === 0) return [];
  const subgraphs = [...new Set(joins.flatMap((join) => graphOf(join, names)))].sort();
  const fields = [
    ...('fields' in definition ? (definition.fields ?? []).map((field) => mapField(field, subgraphs, names)) : []),
    ...named(definition.directives, 'join__unionMember').reduce(gatherMembers(names), []),
    ...('values' in definition ? (definition.values ?? []) : []).map(({ name: value, description, directives }) => ({
      ...bare(
        value.value,
        named(directives, 'join__enumValue').flatMap((join) => graphOf(join, names)),
      ),
      description: description?.value ?? null,
      deprecated: deprecationOf(directives),
      isHidden: isHidden(directives),
    })),
  ];
  const shares = subgraphs.map((subgraph) => ({
    subgraph,
    keys: keysOf(subgraph, joins, names),
    fieldCount: fields.filter((field) => field.subgraphs.includes(subgraph)).length,
  }));
  return [
    {
      ...{ name, kind, isHidden: isHidden(definition.directives), shares, fields },
      description: ('description' in definition && definition.description?.value) || null,
      isEntity: shares.some(({ keys }) => keys.length > 0),
    },
  ];
}

function mapField(
  field: FieldDefinitionNode | InputValueDefinitionNode,
  ofType: readonly string[],
  names: ReadonlyMap<string, string>,
): MappedField {
  const joins = named(field.directives, 'join__field').filter((join) => argument(join, 'graph') !== undefined);
  // One that is external there is only named, and one that was taken over is asked of somebody else.
  const own = joins.filter(
    (join) => argument(join, 'external') !== 'true' && argument(join, 'usedOverridden') !== 'true',
  );
  return {
    ...bare(field.name.value, joins.length === 0 ? ofType : own.flatMap((join) => graphOf(join, names))),
    type: print(field.type),
    arguments:
      'arguments' in field ? (field.arguments ?? []).map(({ name, type }) => `${name.value}: ${print(type)}`) : [],
    description: field.description?.value ?? null,
    deprecated: deprecationOf(field.directives),
    isHidden: isHidden(field.directives),
    requires: own.map((join) => argument(join, 'requires')).find((requires) => requires !== undefined) ?? null,
  };
}

/** A member of a union is named once for each subgraph that has it. */
function gatherMembers(names: ReadonlyMap<string, string>) {
  return (members: MappedField[], join: DirectiveNode): MappedField[] => {
    const name = argument(join, 'member') ?? '';
    const others = members.filter((member) => member.name !== name);
    const before = members.find((member) => member.name === name)?.subgraphs ?? [];
    return [...others, bare(name, [...before, ...graphOf(join, names)])];
  };
}

const bare = (name: string, subgraphs: readonly string[]): MappedField => ({
  ...{ name, type: null, arguments: [], description: null, deprecated: null, isHidden: false, requires: null },
  subgraphs: [...new Set(subgraphs)].sort(),
});

function keysOf(subgraph: string, joins: readonly DirectiveNode[], names: ReadonlyMap<string, string>): string[] {
  const own = joins.filter((join) => graphOf(join, names)[0] === subgraph);
  return [...new Set(own.flatMap((join) => argument(join, 'key') ?? []))];
}

function graphOf(join: DirectiveNode, names: ReadonlyMap<string, string>): string[] {
  const graph = argument(join, 'graph');
  return graph === undefined ? [] : [names.get(graph) ?? graph];
}

function named(directives: readonly DirectiveNode[] | undefined, name: string): readonly DirectiveNode[] {
  return (directives ?? []).filter((directive) => directive.name.value === name);
}

function argument(directive: DirectiveNode | undefined, name: string): string | undefined {
  const value = directive?.arguments?.find((given) => given.name.value === name)?.value;
  if (value?.kind === Kind.BOOLEAN) return String(value.value);
  return value !== undefined && 'value' in value && typeof value.value === 'string' ? value.value : undefined;
}

function deprecationOf(directives: readonly DirectiveNode[] | undefined): string | null {
  const [deprecated] = named(directives, 'deprecated');
  return deprecated === undefined ? null : (argument(deprecated, 'reason') ?? 'No longer supported');
}

const isHidden = (directives: readonly DirectiveNode[] | undefined) => named(directives, 'inaccessible').length > 0;
