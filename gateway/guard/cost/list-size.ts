import { Kind, type ValueNode } from 'graphql';
import type { ListSize } from '../../../planning/cost-rules.ts';
import type { Json } from '../../execution/own.ts';
import { type Amount, largest, product } from './amount.ts';
import { type AskedField, listDepth } from './asked-field.ts';

/** Sizes that a field gives to lists below it, by the names of their fields (IBM, 8.3). */
export type SizedFields = ReadonlyMap<string, Amount>;

export const NONE_SIZED: SizedFields = new Map();

/**
 * How many items a field has: one that is no list, or those of its list. A list in a list has as many as one of which nothing is
 * said.
 *
 * @param sized what a field above says (8.3)
 * @param unsaid how many items a list has of which nothing is said
 */
export function countItems(field: AskedField, sized: Amount | undefined, unsaid: number): Amount {
  const depth = listDepth(field.definition.type);
  if (depth === 0) return 1;
  const sizes = field.said.map(({ listSize }) =>
    listSize === undefined || listSize.sizedFields.length > 0 ? unsaid : sizeOf(listSize, field, unsaid),
  );
  return product(sized ?? largest(sizes), unsaid ** (depth - 1));
}

export function sizedBy(field: AskedField, unsaid: number): SizedFields {
  let sized = NONE_SIZED;
  for (const { listSize } of field.said) {
    if (listSize === undefined || listSize.sizedFields.length === 0) continue;
    const size = sizeOf(listSize, field, unsaid);
    const sizes = listSize.sizedFields.map((name) => [name, largest([size, sized.get(name) ?? size])] as const);
    sized = new Map([...sized, ...sizes]);
  }
  return sized;
}

/**
 * How many items a list has at most (8.2): as many as the largest slicing argument says, given or by default; or else the
 * assumed size, which is for when there is none (9.2.4).
 */
function sizeOf(listSize: ListSize, field: AskedField, unsaid: number): Amount {
  const slicing = slicingOf(listSize, field);
  const otherwise = listSize.assumedSize ?? unsaid;
  const largestOf = (variables: Json) => {
    const sizes = slicing.flatMap((each) => {
      const given = read(each, variables);
      return given === undefined ? (each.byDefault ?? []) : (given ?? []);
    });
    return sizes.length === 0 ? otherwise : Math.max(0, ...sizes);
  };
  return slicing.some(isOfVariable) ? ({ variables }) => largestOf(variables) : largestOf({});
}

/**
 * How many slicing arguments a field is given, for one that is to have exactly one (8.4). One that has a default may be left out, and
 * the default does not count beside another that is given.
 */
export function countSlicing(listSize: ListSize, field: AskedField): (variables: Json) => number {
  const slicing = slicingOf(listSize, field);
  return (variables) => {
    const given = slicing.map((each) => read(each, variables));
    const count = given.filter((value) => typeof value === 'number').length;
    const isByDefault = slicing.some(({ byDefault }, index) => given[index] === undefined && byDefault !== undefined);
    return count === 0 && isByDefault ? 1 : count;
  };
}

/** A slicing argument as a field has it. */
interface Slicing {
  /** A number, null, or the variable that has it; `undefined` where the argument is not given. */
  readonly given: number | null | { readonly variable: string } | undefined;
  readonly byDefault: number | undefined;
}

function slicingOf({ slicingArguments }: ListSize, { definition, nodes: [{ node }] }: AskedField): Slicing[] {
  return slicingArguments.map((name) => {
    const byDefault: unknown = definition.args.find((argument) => argument.name === name)?.defaultValue;
    return {
      given: readSize(node.arguments?.find((argument) => argument.name.value === name)?.value),
      byDefault: typeof byDefault === 'number' ? byDefault : undefined,
    };
  });
}

function readSize(value: ValueNode | undefined): Slicing['given'] {
  if (value?.kind === Kind.INT) return Number(value.value);
  if (value?.kind === Kind.VARIABLE) return { variable: value.name.value };
  return value === undefined ? undefined : null;
}

function isOfVariable({ given }: Slicing): boolean {
  return typeof given === 'object' && given !== null;
}

/** @returns null where it is given, and no number */
function read({ given }: Slicing, variables: Json): number | null | undefined {
  if (typeof given !== 'object' || given === null) return given;
  const value = variables[given.variable];
  return value === undefined || typeof value === 'number' ? value : null;
}
