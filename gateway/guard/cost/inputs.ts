import {
  type DirectiveNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  Kind,
  type ValueNode,
} from 'graphql';
import { isObject, readOwn } from '../../execution/own.ts';
import { type Amount, evaluate, sum } from './amount.ts';
import type { FieldWeights, Weights } from './weights.ts';

/** The costs of what one operation gives to its fields: arguments, input fields, directives. */
export interface InputCosts {
  /** Of all arguments that a field is given, or has by default (IBM, 5.3.2.2 "Arguments"). It can be negative. */
  ofArguments(field: GraphQLField<unknown, unknown>, weights: FieldWeights, node: FieldNode): Amount;
  /** Of all directives (5.3.2.2 "Directives"). */
  ofDirectives(directives: readonly DirectiveNode[]): Amount;
}

/** A field of an input object that can cost something. */
interface CostlyField {
  readonly name: string;
  readonly weight: number;
  /** Where its value is such an object, or a list of them. */
  readonly below: GraphQLInputObjectType | undefined;
  readonly byDefault: unknown;
}

/** Makes them. What an argument or input field has by default counts as given (8.2); what is given as null does not. */
export function createInputCosts(schema: GraphQLSchema, weights: Weights): InputCosts {
  const costly = new Map<GraphQLInputObjectType, readonly CostlyField[]>();

  function costlyFields(type: GraphQLInputObjectType): readonly CostlyField[] {
    let fields = costly.get(type);
    if (fields === undefined) {
      fields = Object.values(type.getFields()).flatMap(({ name, type: fieldType, defaultValue }) => {
        const weight = weights.ofInputField(type.name, name, fieldType);
        const named = getNamedType(fieldType);
        const below = isInputObjectType(named) ? named : undefined;
        return weight === 0 && below === undefined ? [] : { name, weight, below, byDefault: defaultValue };
      });
      costly.set(type, fields);
    }
    return fields;
  }

  /** The input fields used in a value, which is an object or a list of objects. */
  function ofValue(type: GraphQLInputObjectType, value: unknown): number {
    if (Array.isArray(value)) return value.reduce((total: number, item) => total + ofValue(type, item), 0);
    if (!isObject(value)) return 0;
    let total = 0;
    for (const { name, weight, below, byDefault } of costlyFields(type)) {
      const given = readOwn(value, name) ?? (Object.hasOwn(value, name) ? undefined : byDefault);
      if (given === undefined || given === null) continue;
      total += weight + (below === undefined ? 0 : ofValue(below, given));
    }
    return total;
  }

  function ofLiteral(type: GraphQLInputObjectType, value: ValueNode): Amount {
    if (value.kind === Kind.LIST) return sum(value.values.map((item) => ofLiteral(type, item)));
    if (value.kind === Kind.VARIABLE) return ofVariable(type, value.name.value);
    if (value.kind !== Kind.OBJECT) return 0;
    return sum(
      costlyFields(type).map(({ name, weight, below, byDefault }) => {
        const field = value.fields.find((each) => each.name.value === name);
        return ofGiven({ value: field?.value, byDefault, weight, below });
      }),
    );
  }

  function ofVariable(type: GraphQLInputObjectType, name: string): Amount {
    if (costlyFields(type).length === 0) return 0;
    return ({ inputs, variables }) => {
      const cost = inputs.get(name) ?? ofValue(type, variables[name]);
      inputs.set(name, cost);
      return cost;
    };
  }

  /** The cost of an argument or input field: its weight and what is used inside it, if it is given at all. */
  function ofGiven({ value, byDefault, weight, below }: Given): Amount {
    if (weight === 0 && below === undefined) return 0;
    const otherwise =
      byDefault === undefined || byDefault === null
        ? 0
        : weight + (below === undefined ? 0 : ofValue(below, byDefault));
    if (value === undefined) return otherwise;
    if (value.kind === Kind.NULL) return 0;
    const cost = sum([weight, below === undefined ? 0 : ofLiteral(below, value)]);
    if (value.kind !== Kind.VARIABLE) return cost;
    const name = value.name.value;
    return (values) => {
      const given = values.variables[name];
      if (given === undefined) return otherwise;
      return given === null ? 0 : evaluate(cost, values);
    };
  }

  return {
    ofArguments: (field, { ofArgument }, { arguments: given = [] }) =>
      sum(
        field.args.map(({ name, type, defaultValue }) => {
          const named = getNamedType(type);
          return ofGiven({
            value: given.find((argument) => argument.name.value === name)?.value,
            byDefault: defaultValue,
            weight: ofArgument(name, type),
            below: isInputObjectType(named) ? named : undefined,
          });
        }),
      ),
    ofDirectives: (directives) =>
      sum(
        directives.map(({ name, arguments: given = [] }) => {
          const definition = schema.getDirective(name.value);
          const amounts = (definition?.args ?? []).map((argument) =>
            ofGiven({
              value: given.find((each) => each.name.value === argument.name)?.value,
              byDefault: argument.defaultValue,
              weight: weights.ofDirectiveArgument(name.value, argument.name),
              below: undefined,
            }),
          );
          return sum(amounts);
        }),
      ),
  };
}

interface Given {
  /** `undefined` where it is not. */
  readonly value: ValueNode | undefined;
  readonly byDefault: unknown;
  readonly weight: number;
  readonly below: GraphQLInputObjectType | undefined;
}
