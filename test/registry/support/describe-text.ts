import { type GraphQLSchema, Kind, parse } from 'graphql';
import { type DescribedOperation, describeOperation } from '../../../gateway/usage/describe-operation.ts';

/** An operation as our gateway reports it, with nothing in its variables. */
export function describeText(schema: GraphQLSchema, text: string): DescribedOperation {
  const { definitions } = parse(text);
  const operation = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) throw new TypeError('there is no operation in the text');
  const fragments = definitions.flatMap((node) =>
    node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
  );
  return describeOperation(operation, new Map(fragments), schema);
}
