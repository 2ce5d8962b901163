import { buildSchema, type FragmentDefinitionNode, parse } from 'graphql';
import { type DescribedOperation, describeOperation } from '../../../gateway/usage/describe-operation.ts';

/** A schema with everything that can hold a value. */
export const SHOP = buildSchema(`
  scalar JSON
  directive @trace(label: String) on FIELD
  enum Color { RED GREEN BLUE }
  input Filter { color: Color colors: [Color!] name: String and: [Filter!] extra: JSON price: Range }
  input Range { min: Float max: Float }
  interface Item { id: ID! }
  type Book implements Item { id: ID! title(max: Int): String }
  type Pen implements Item { id: ID! color: Color }
  type Query { items(filter: Filter, ids: [ID!], first: Int = 10, note: String, raw: JSON, isNew: Boolean): [Item!] book(id: ID!): Book }
`);

/** Describes the first operation of a text. */
export function describeText(text: string): DescribedOperation {
  const { definitions } = parse(text);
  const [operation] = definitions.filter((node) => node.kind === 'OperationDefinition');
  const fragments = new Map(
    definitions.flatMap((node): [string, FragmentDefinitionNode][] =>
      node.kind === 'FragmentDefinition' ? [[node.name.value, node]] : [],
    ),
  );
  if (operation === undefined) throw new TypeError('no operation');
  return describeOperation(operation, fragments, SHOP);
}
