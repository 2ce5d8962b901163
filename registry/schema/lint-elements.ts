import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  type NameNode,
  type StringValueNode,
  type TypeDefinitionNode,
  type TypeExtensionNode,
  type TypeNode,
} from 'graphql';

/** Something that a schema defines and a rule can look at. */
export interface LintElement {
  readonly kind: 'object' | 'interface' | 'union' | 'scalar' | 'enum' | 'input' | 'directive' | Part;
  readonly name: string;
  /** A schema coordinate. */
  readonly coordinate: string;
  /** The name of the type it is a part of. */
  readonly type: string;
  /** Where the name stands. */
  readonly at: NameNode;
  readonly description: StringValueNode | undefined;
  readonly directives: readonly ConstDirectiveNode[];
  /** Of a field, argument or input field: the name of its type. */
  readonly of: string | undefined;
}

type Part = 'field' | 'argument' | 'input field' | 'value';

const KINDS = {
  [Kind.OBJECT_TYPE_DEFINITION]: 'object',
  [Kind.OBJECT_TYPE_EXTENSION]: 'object',
  [Kind.INTERFACE_TYPE_DEFINITION]: 'interface',
  [Kind.INTERFACE_TYPE_EXTENSION]: 'interface',
  [Kind.UNION_TYPE_DEFINITION]: 'union',
  [Kind.UNION_TYPE_EXTENSION]: 'union',
  [Kind.SCALAR_TYPE_DEFINITION]: 'scalar',
  [Kind.SCALAR_TYPE_EXTENSION]: 'scalar',
  [Kind.ENUM_TYPE_DEFINITION]: 'enum',
  [Kind.ENUM_TYPE_EXTENSION]: 'enum',
  [Kind.INPUT_OBJECT_TYPE_DEFINITION]: 'input',
  [Kind.INPUT_OBJECT_TYPE_EXTENSION]: 'input',
} as const;

/**
 * What a schema defines, in its order. What federation puts there (`_service`, `link__Import`) and what is `@external` are left out:
 * their names are chosen elsewhere. An extension gives its parts and is no element itself.
 */
export function elementsOf({ definitions }: DocumentNode): LintElement[] {
  return definitions.flatMap(elementsIn).filter(isOwn);
}

function elementsIn(node: DefinitionNode): LintElement[] {
  if (node.kind === Kind.DIRECTIVE_DEFINITION) {
    const name = `@${node.name.value}`;
    const own = toElement('directive', name, name, { ...node, directives: [] });
    return isOwn(own) ? [own, ...argumentsIn(name, name, node.arguments)] : [];
  }
  if (isTypeDefinitionNode(node)) return [toElement(KINDS[node.kind], '', node.name.value, node), ...partsIn(node)];
  return isTypeExtensionNode(node) ? partsIn(node) : [];
}

function partsIn(node: TypeDefinitionNode | TypeExtensionNode): LintElement[] {
  const type = node.name.value;
  switch (KINDS[node.kind]) {
    case 'enum':
      return 'values' in node
        ? (node.values ?? []).map((value) => toElement('value', type, `${type}.${value.name.value}`, value))
        : [];
    case 'input':
      return fieldsOf(node).map((field) => toElement('input field', type, `${type}.${field.name.value}`, field));
    default:
      return fieldsOf(node).flatMap((field) => {
        const coordinate = `${type}.${field.name.value}`;
        const own = toElement('field', type, coordinate, field);
        return isOwn(own) ? [own, ...argumentsIn(type, coordinate, field.arguments)] : [];
      });
  }
}

type Field = InputValueDefinitionNode & { readonly arguments?: readonly InputValueDefinitionNode[] };

function fieldsOf(node: TypeDefinitionNode | TypeExtensionNode): readonly Field[] {
  return 'fields' in node ? ((node.fields ?? []) as readonly Field[]) : [];
}

function argumentsIn(type: string, of: string, given: readonly InputValueDefinitionNode[] = []): LintElement[] {
  return given.map((argument) => toElement('argument', type, `${of}(${argument.name.value}:)`, argument));
}

interface Node {
  readonly name: NameNode;
  readonly description?: StringValueNode | undefined;
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
  readonly type?: TypeNode;
}

function toElement(kind: LintElement['kind'], type: string, coordinate: string, node: Node): LintElement {
  const { name, description, directives = [] } = node;
  return { kind, name: name.value, coordinate, type, at: name, description, directives, of: namedType(node.type) };
}

function namedType(node: TypeNode | undefined): string | undefined {
  if (node === undefined) return undefined;
  return node.kind === Kind.NAMED_TYPE ? node.name.value : namedType(node.type);
}

function isOwn({ name, type, directives }: LintElement): boolean {
  const isFederation = [name, type].some((each) => /^@?_|__/.test(each));
  return !isFederation && !directives.some((directive) => directive.name.value === 'external');
}
