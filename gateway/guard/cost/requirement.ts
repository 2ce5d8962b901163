import { getLocation } from 'graphql';
import type { Json } from '../../execution/own.ts';
import { GraphQLErrors } from '../../operation/graphql-errors.ts';
import type { AskedField } from './asked-field.ts';
import { anyOf } from './conditional-fields.ts';
import { countSlicing } from './list-size.ts';

/**
 * Checks a field that is to have exactly one slicing argument (IBM, 8.4), where it is not left out.
 *
 * @throws {GraphQLErrors} `SLICING_ARGUMENT_REQUIRED`
 */
export type Requirement = (variables: Json) => void;

/** @param typename of the object that has the field */
export function requirementOf(typename: string, field: AskedField): Requirement | undefined {
  const listSize = field.said.find((each) => each.listSize?.requireOneSlicingArgument)?.listSize;
  if (listSize === undefined || listSize.slicingArguments.length === 0) return undefined;
  const condition = anyOf(field.nodes);
  const count = countSlicing(listSize, field);
  const names = listSize.slicingArguments.join(', ');
  const [{ node }] = field.nodes;
  return (variables) => {
    const given = count(variables);
    if (given === 1 || condition?.(variables) === false) return;
    throw new GraphQLErrors('SLICING_ARGUMENT_REQUIRED', [
      {
        message: `The field "${typename}.${field.name}" needs exactly one of its arguments ${names}: ${given === 0 ? 'none' : given} of them is given.`,
        ...(node.loc && { locations: [getLocation(node.loc.source, node.loc.start)] }),
      },
    ]);
  };
}
