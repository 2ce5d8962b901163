import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  type ValueNode,
  visit,
} from 'graphql';
import { parseFieldSet } from './field-sets.ts';
import { findInterfaceObjects } from './interface-objects.ts';

/** The fields that a planner may add to an operation: those of keys, of `@requires`, and of `@fromContext`. */
export interface RequiredNames {
  readonly all: ReadonlySet<string>;
  /** Those that are required with arguments: under the plain name, the planner's value and the client's differ. */
  readonly withArguments: ReadonlySet<string>;
  /** Those that the planner may find under their plain names wherever the client asks for them without arguments. */
  readonly plain: ReadonlySet<string>;
  /**
   * Whether some subgraph knows several types as one, by `@interfaceObject`: what an operation asks of each of them meets in one
   * selection, where one key must not stand for two things.
   */
  readonly joinsTypes: boolean;
}

/** Collects the names from the `@join__…` directives of a supergraph. */
export function collectRequiredNames(supergraph: DocumentNode): RequiredNames {
  const all = new Set<string>();
  const withArguments = new Set<string>();
  // Each once: a thousand types have the key `id`. And parsed only then.
  for (const fieldSet of new Set(supergraph.definitions.flatMap(directivesIn).flatMap(fieldSetsOf))) {
    visit(parseFieldSet(fieldSet), {
      Field({ name, arguments: given = [] }) {
        all.add(name.value);
        if (given.length > 0) withArguments.add(name.value);
      },
    });
  }
  // Two mutations of one field must stay two.
  const plain = all.difference(withArguments).difference(mutationFields(supergraph));
  const joinsTypes = findInterfaceObjects(supergraph).size > 0;
  return { all: new Set([...all, '__typename']), withArguments, plain, joinsTypes };
}

function mutationFields({ definitions }: DocumentNode): Set<string> {
  const roots = definitions.flatMap((node) => (node.kind === 'SchemaDefinition' ? node.operationTypes : []));
  const mutation = roots.find(({ operation }) => operation === 'mutation')?.type.name.value;
  const types = definitions.flatMap((node) =>
    node.kind === 'ObjectTypeDefinition' && node.name.value === mutation ? [node] : [],
  );
  return new Set(types.flatMap(({ fields = [] }) => fields.map(({ name }) => name.value)));
}

/** Those on a type and on its fields, where field sets can stand: visiting every node takes several times as long. */
function directivesIn(node: DefinitionNode): ConstDirectiveNode[] {
  if (!isTypeDefinitionNode(node) && !isTypeExtensionNode(node)) return [];
  const fields = 'fields' in node ? (node.fields ?? []) : [];
  return [node, ...fields].flatMap(({ directives = [] }) => directives);
}

function fieldSetsOf({ name, arguments: given = [] }: ConstDirectiveNode): string[] {
  if (name.value !== 'join__type' && name.value !== 'join__field') return [];
  return given.flatMap((argument) => {
    if (argument.name.value === 'key' || argument.name.value === 'requires') return stringsIn(argument.value);
    return argument.name.value === 'contextArguments' ? selectionsIn(argument.value) : [];
  });
}

function stringsIn(value: ValueNode): string[] {
  return value.kind === 'StringValue' ? [value.value] : [];
}

function selectionsIn(value: ValueNode): string[] {
  if (value.kind === 'ListValue') return value.values.flatMap(selectionsIn);
  if (value.kind !== 'ObjectValue') return [];
  return value.fields.flatMap((field) => (field.name.value === 'selection' ? stringsIn(field.value) : []));
}
