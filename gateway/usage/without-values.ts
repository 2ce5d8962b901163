import {
  type ASTVisitor,
  type ExecutableDefinitionNode,
  getNamedType,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  type ListValueNode,
  print,
  type SelectionSetNode,
  type TypeInfo,
  type ValueNode,
  visit,
} from 'graphql';

/**
 * A visitor that takes the values out of an operation, so that what is left is equal for all requests that differ in them alone, is
 * still valid, and plans as the operation does: numbers are 0, texts empty, lists have one of each that is left of their items. What is of
 * a scalar that the schema adds (JSON, Date) is one empty text, but for the variables in it: its keys and words may be anybody's. Names
 * of the schema stay, and with them enum values; so do `true`, `false` and `null`.
 *
 * Aliases are numbered: clients make some of them out of values (`user_7`).
 */
export function createValueRemover(typeInfo: TypeInfo, parts: readonly ExecutableDefinitionNode[]): ASTVisitor {
  const alias = createAliases(parts);
  const isOpen = () => {
    const type = getNamedType(typeInfo.getInputType());
    return type === undefined || (isScalarType(type) && !isSpecifiedScalarType(type));
  };
  const close = (node: ValueNode) => (isOpen() ? toVariables(node) : undefined);
  return {
    Field: (node) => (node.alias ? { ...node, alias: { ...node.alias, value: alias(node.alias.value) } } : undefined),
    IntValue: (node) => (node.value === '0' ? undefined : { ...node, value: '0' }),
    FloatValue: (node) => (node.value === '0' ? undefined : { ...node, value: '0' }),
    StringValue: (node) => (node.value === '' && !node.block ? undefined : { ...node, value: '', block: false }),
    EnumValue: close,
    ObjectValue: close,
    ListValue: { enter: close, leave: toDistinct },
  };
}

const EMPTY: ValueNode = { kind: Kind.STRING, value: '' };

/** An object with the variables that a value has, or an empty text: a variable that is used nowhere would make the operation invalid. */
function toVariables(value: ValueNode): ValueNode | undefined {
  const names = new Set<string>();
  visit(value, { Variable: ({ name }) => void names.add(name.value) });
  if (names.size === 0) return EMPTY;
  const fields = [...names].map((name, index) => ({
    kind: Kind.OBJECT_FIELD as const,
    name: { kind: Kind.NAME as const, value: `v${index}` },
    value: { kind: Kind.VARIABLE as const, name: { kind: Kind.NAME as const, value: name } },
  }));
  const closed: ValueNode = { kind: Kind.OBJECT, fields };
  return print(closed) === print(value) ? undefined : closed;
}

function toDistinct(node: ListValueNode): ListValueNode | undefined {
  if (node.values.length < 2) return undefined;
  const distinct = new Map(node.values.map((value) => [print(value), value]));
  return distinct.size === node.values.length ? undefined : { ...node, values: [...distinct.values()] };
}

/** Equal aliases get equal names, others different ones, and none that of a field: what merged merges still, and nothing else. */
function createAliases(parts: readonly ExecutableDefinitionNode[]): (alias: string) => string {
  const names = new Map<string, string>();
  let fields: Set<string> | undefined;
  let count = 0;
  return (alias) => {
    let name = names.get(alias);
    if (name === undefined) {
      fields ??= fieldNamesIn(parts);
      do name = `a${++count}`;
      while (fields.has(name));
      names.set(alias, name);
    }
    return name;
  };
}

function fieldNamesIn(parts: readonly ExecutableDefinitionNode[]): Set<string> {
  const names = new Set<string>();
  const gather = (set: SelectionSetNode | undefined): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) names.add(selection.name.value);
      if (selection.kind !== Kind.FRAGMENT_SPREAD) gather(selection.selectionSet);
    }
  };
  for (const { selectionSet } of parts) gather(selectionSet);
  return names;
}
