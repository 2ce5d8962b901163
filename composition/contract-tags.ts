import {
  type ConstDirectiveNode,
  type ConstObjectValueNode,
  type ConstValueNode,
  type DefinitionNode,
  type DocumentNode,
  Kind,
  type SchemaDefinitionNode,
  type TypeDefinitionNode,
} from 'graphql';

/** What a supergraph calls the directives of contracts, and which definitions are federation's own. */
export interface ContractNames {
  /** Without the `@`; `undefined` when no subgraph tags anything. */
  readonly tag: string | undefined;
  /** `undefined` when nothing is hidden yet. */
  readonly inaccessible: string | undefined;
  /** Whether a type, or a directive with its `@`, belongs to a specification, such as `join__Graph`: no contract touches it. */
  isOwn(element: string): boolean;
}

const SPECIFICATION = /^(?<identity>.+\/(?<name>[^/]+))\/v\d+\.\d+$/;

/** Reads them from the `@link`s of a supergraph. */
export function readContractNames({ definitions }: DocumentNode): ContractNames {
  const names = new Map<string, string>();
  const prefixes = new Set<string>();
  const imported = new Set<string>();
  for (const link of definitions.filter(isSchema).flatMap(({ directives = [] }) => directives)) {
    const { identity, name } = SPECIFICATION.exec(textOf(link, 'url') ?? '')?.groups ?? {};
    if (identity === undefined || name === undefined) continue;
    const prefix = textOf(link, 'as') ?? name;
    const imports = importsOf(link);
    // A specification's main directive is called as it is, unless it is imported under another name.
    names.set(identity, imports.get(`@${name}`)?.slice(1) ?? prefix);
    prefixes.add(prefix);
    for (const element of imports.values()) imported.add(element);
  }
  return {
    tag: names.get('https://specs.apollo.dev/tag'),
    inaccessible: names.get('https://specs.apollo.dev/inaccessible'),
    isOwn: (element) => {
      const [prefix = '', ...rest] = element.replace(/^@/, '').split('__');
      return imported.has(element) || (prefixes.has(prefix) && (rest.length > 0 || element === `@${prefix}`));
    },
  };
}

function isSchema(node: DefinitionNode): node is SchemaDefinitionNode {
  return node.kind === Kind.SCHEMA_DEFINITION;
}

function textOf(directive: ConstDirectiveNode, name: string): string | undefined {
  const value = directive.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}

/** The names under which a link has what it imports, by the names in its specification; those of directives with their `@`. */
function importsOf(link: ConstDirectiveNode): Map<string, string> {
  const value = link.arguments?.find((argument) => argument.name.value === 'import')?.value;
  const elements = value?.kind === Kind.LIST ? value.values : [];
  return new Map(
    elements.flatMap((element: ConstValueNode) => {
      const name = element.kind === Kind.OBJECT ? fieldOf(element, 'name') : element;
      const as = element.kind === Kind.OBJECT ? fieldOf(element, 'as') : undefined;
      if (name?.kind !== Kind.STRING) return [];
      return [[name.value, (as?.kind === Kind.STRING ? as : name).value] as const];
    }),
  );
}

function fieldOf({ fields }: ConstObjectValueNode, name: string): ConstValueNode | undefined {
  return fields.find((field) => field.name.value === name)?.value;
}

/** The names in the `@tag`s of an element. */
export function tagsOf(
  { directives = [] }: { readonly directives?: readonly ConstDirectiveNode[] | undefined },
  tag: string | undefined,
): string[] {
  return directives.flatMap((directive) => (directive.name.value === tag ? [textOf(directive, 'name') ?? ''] : []));
}

/** The types that clients may see, by their names. */
export function typesOf({ definitions }: DocumentNode, names: ContractNames): Map<string, TypeDefinitionNode> {
  return new Map(
    definitions.flatMap((node) =>
      isTypeDefinition(node) && !names.isOwn(node.name.value) ? [[node.name.value, node] as const] : [],
    ),
  );
}

function isTypeDefinition(node: DefinitionNode): node is TypeDefinitionNode {
  return node.kind.endsWith('TypeDefinition');
}
