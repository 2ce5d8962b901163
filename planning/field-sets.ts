import {
  type ArgumentNode,
  type DirectiveNode,
  type DocumentNode,
  Kind,
  parse,
  print,
  type SelectionSetNode,
  type ValueNode,
  visit,
} from 'graphql';

/** Parses `id org { id }`, or the same in braces, as contexts have it. */
export function parseFieldSet(fieldSet: string): SelectionSetNode {
  const text = fieldSet.trim();
  const [definition] = parse(text.startsWith('{') ? text : `{ ${text} }`, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new TypeError(`not a field set: ${fieldSet}`);
  return definition.selectionSet;
}

/** Prints without the outer braces. */
export function printFieldSet({ selections }: SelectionSetNode): string {
  return selections.map((selection) => print(selection).replace(/\s+/g, ' ')).join(' ');
}

/** The field set that a field of one subgraph requires, if it requires any. */
export function requiresOf({ arguments: given = [] }: DirectiveNode): string | undefined {
  const value = given.find(({ name }) => name.value === 'requires')?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}

/** Changes what the fields of a supergraph require, by `@requires` and by `@fromContext`; keys stay. */
export function mapFieldSets(supergraph: DocumentNode, change: (fieldSet: string) => string): DocumentNode {
  return visit(supergraph, {
    Directive(directive) {
      if (directive.name.value !== 'join__field') return undefined;
      return { ...directive, arguments: (directive.arguments ?? []).map((argument) => mapArgument(argument, change)) };
    },
  });
}

function mapArgument(argument: ArgumentNode, change: (fieldSet: string) => string): ArgumentNode {
  switch (argument.name.value) {
    case 'requires':
      return { ...argument, value: mapString(argument.value, change) };
    case 'contextArguments':
      return { ...argument, value: mapSelections(argument.value, (text) => `{ ${change(text)} }`) };
    default:
      return argument;
  }
}

function mapSelections(value: ValueNode, change: (fieldSet: string) => string): ValueNode {
  if (value.kind === Kind.LIST) return { ...value, values: value.values.map((item) => mapSelections(item, change)) };
  if (value.kind !== Kind.OBJECT) return value;
  const fields = value.fields.map((field) =>
    field.name.value === 'selection' ? { ...field, value: mapString(field.value, change) } : field,
  );
  return { ...value, fields };
}

function mapString(value: ValueNode, change: (fieldSet: string) => string): ValueNode {
  return value.kind === Kind.STRING ? { ...value, value: change(value.value) } : value;
}

/** An argument of a directive as text, where it is a plain value. */
export function argumentOf({ arguments: given = [] }: DirectiveNode, name: string): string | undefined {
  const value = given.find((argument) => argument.name.value === name)?.value;
  return value !== undefined && 'value' in value ? String(value.value) : undefined;
}
