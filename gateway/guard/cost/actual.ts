import {
  type FieldNode,
  type GraphQLAbstractType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import type { AccessDecision } from '../../execution/access-decision.ts';
import { type CollectContext, collectFields } from '../../execution/collect-fields.ts';
import { isObject, type Json, readOwn } from '../../execution/own.ts';
import { type Amount, atLeastZero, evaluate, largest, sum, toValues, type Values } from './amount.ts';
import { definitionOf, possibleTypes } from './asked-field.ts';
import type { Points } from './estimate.ts';
import { createInputCosts } from './inputs.ts';
import type { Weights } from './weights.ts';

/**
 * Counts what an answer has cost, by the data that was gathered for it (IBM, 5.1.3 "Query Response Analysis"): lists as long as they are, objects
 * of the types that they are, nothing below a null.
 *
 * @param variables with defaults and coercion applied
 */
export type CountActual = (data: Json, variables: Json) => Points;

export interface ActualContext extends CollectContext {
  readonly weights: Weights;
  /** The key that a field has in the data. */
  readonly keyOf: (field: FieldNode) => string;
  /** What the caller may not have: it was not fetched. */
  readonly refused: AccessDecision['refused'];
}

/** What is counted so far. */
interface Tally {
  fields: number;
  types: number;
  readonly values: Values;
}

type Count = (value: unknown, tally: Tally) => void;

/** A field below which there is something to count. */
interface Part {
  readonly key: string;
  readonly count: Count;
}

/**
 * Compiles the counter of an operation, for all requests with the same conditions. A pass over the objects of the data: their fields
 * that cost always the same are added up once for each type, and scalars that weigh nothing are not looked at.
 */
export function compileActual(
  context: ActualContext,
  rootType: GraphQLObjectType,
  selectionSet: SelectionSetNode,
): CountActual {
  const { apiSchema, weights } = context;
  const inputs = createInputCosts(apiSchema, weights);
  const countRoot = compileObject(rootType, [selectionSet]);
  return (data, variables) => {
    const tally: Tally = { fields: 0, types: 0, values: toValues(variables) };
    countRoot(data, tally);
    return { fields: tally.fields, types: tally.types };
  };

  /** @param type an interface only where an object does not say which of its types it is: then the most costly one counts */
  function compileObject(type: GraphQLObjectType | GraphQLInterfaceType, sets: readonly SelectionSetNode[]) {
    const types = possibleTypes(apiSchema, type);
    const resolvers: Amount[] = [];
    const parts: Part[] = [];
    for (const nodes of collectFields(context, type, sets).values()) {
      const [node] = nodes;
      const name = node?.name.value ?? '';
      const definition = name.startsWith('__') ? undefined : definitionOf(types, type, name);
      if (definition === undefined || node === undefined || nodes.some((each) => context.refused.has(each))) continue;
      const directives = inputs.ofDirectives(nodes.flatMap((each) => each.directives ?? []));
      const said = weights.ofField(types, name, definition.type);
      const costs = said.map((each) => sum([each.weight, directives, inputs.ofArguments(definition, each, node)]));
      resolvers.push(largest(costs.map(atLeastZero)));
      const count = compileValue(
        definition.type,
        nodes.flatMap((each) => each.selectionSet ?? []),
      );
      if (count !== undefined) parts.push({ key: context.keyOf(node), count });
    }
    const ofFields = sum(resolvers);
    const ofType = weights.ofTypes(types);
    return (object: Json, tally: Tally) => {
      tally.fields += evaluate(ofFields, tally.values);
      tally.types += ofType;
      for (const { key, count } of parts) {
        const value = readOwn(object, key);
        if (value !== null && value !== undefined) count(value, tally);
      }
    };
  }

  /** @returns `undefined` where there is nothing to count */
  function compileValue(type: GraphQLOutputType, sets: readonly SelectionSetNode[]): Count | undefined {
    if (isNonNullType(type)) return compileValue(type.ofType, sets);
    if (isListType(type)) {
      const count = compileValue(type.ofType, sets);
      return count && ((value, tally) => countItems(value, count, tally));
    }
    if (isLeafType(type)) {
      const weight = weights.ofTypes([type]);
      if (weight === 0) return undefined;
      return (_, tally) => {
        tally.types += weight;
      };
    }
    if (!isObjectType(type)) return compileAbstract(type, sets);
    const countObject = compileObject(type, sets);
    return (value, tally) => {
      if (isObject(value)) countObject(value, tally);
    };
  }

  /** Each type that comes is compiled once. */
  function compileAbstract(type: GraphQLAbstractType, sets: readonly SelectionSetNode[]): Count {
    const byName = new Map<unknown, ReturnType<typeof compileObject>>();
    return (value, tally) => {
      if (!isObject(value)) return;
      const found = typeOf(value, type);
      if (found === undefined) return;
      const count = byName.get(found.name) ?? compileObject(found, sets);
      byName.set(found.name, count);
      count(value, tally);
    };
  }

  /** The type of an object, or the interface that it is known by (`@interfaceObject`). What is neither is not in the answer. */
  function typeOf({ __typename: name }: Json, type: GraphQLAbstractType) {
    const found = typeof name === 'string' ? apiSchema.getType(name) : type;
    return isObjectType(found) || isInterfaceType(found) ? found : undefined;
  }
}

function countItems(value: unknown, count: Count, tally: Tally): void {
  if (!Array.isArray(value)) return;
  for (const item of value) if (item !== null && item !== undefined) count(item, tally);
}
