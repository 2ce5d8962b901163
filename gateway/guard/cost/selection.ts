import { type GraphQLCompositeType, type GraphQLObjectType, getNamedType, isLeafType } from 'graphql';
import type { Sliced } from '../../../service/slices.ts';
import { type Amount, atLeastZero, computedOnce, evaluate, largest, product, sum } from './amount.ts';
import { type AskedField, definitionOf, possibleTypes } from './asked-field.ts';
import {
  anyOf,
  type ConditionalContext,
  collectByGroup,
  type Group,
  type Source,
  sourcesBelow,
} from './conditional-fields.ts';
import { type Condition, createConditions } from './conditions.ts';
import type { InputCosts } from './inputs.ts';
import { countItems, NONE_SIZED, type SizedFields, sizedBy } from './list-size.ts';
import { type Requirement, requirementOf } from './requirement.ts';
import type { Weights } from './weights.ts';

/** The two costs of the specification (IBM, 5.3.2): of running resolvers, and of what comes back. */
export interface Cost {
  readonly fields: Amount;
  readonly types: Amount;
}

export interface SelectionContext extends Omit<ConditionalContext, 'step' | 'conditions'> {
  readonly weights: Weights;
  readonly inputs: InputCosts;
}

export interface SelectionCosts {
  /**
   * What one object costs, itself included, with what is selected of it.
   *
   * @param types all that it can be of: the most costly one counts (7.2)
   */
  ofObject(types: readonly GraphQLObjectType[], sources: readonly Source[]): Sliced<Cost>;
  /** Of all fields that were weighed. */
  readonly requirements: readonly Requirement[];
}

/** Thrown for what would take too long to be weighed. */
export class TooManySteps extends Error {
  override readonly name = 'TooManySteps';
}

/**
 * Selections that are looked at, once for each group of types that an object can be of: some 50 ms, and a fragment for each of 300 types is still
 * within it.
 */
const MOST_STEPS = 100_000;

/** What is done while others wait, in steps: half a millisecond. */
const STEPS_OF_SLICE = 1_000;

/** To weigh a field takes so many times as long as to look at one. */
const STEPS_OF_WEIGHING = 25;

/** Makes what weighs the selections of one operation. @throws {TooManySteps} from what it returns */
export function createSelectionCosts(context: SelectionContext): SelectionCosts {
  const { schema, weights, inputs } = context;
  const requirements: Requirement[] = [];
  const known = new Map<string, Cost>();
  const idOf = createIds();
  let steps = 0;
  let weighings = 0;
  let sliceEnd = STEPS_OF_SLICE;
  const bounded: ConditionalContext = {
    ...context,
    conditions: createConditions(),
    step: (count = 1) => {
      steps += count;
      if (steps > MOST_STEPS) throw new TooManySteps();
    },
  };

  /** Whether it is the turn of others. */
  function isDue(): boolean {
    const done = steps + weighings * STEPS_OF_WEIGHING;
    if (done < sliceEnd) return false;
    sliceEnd = done + STEPS_OF_SLICE;
    return true;
  }

  function* ofObject(
    types: readonly GraphQLObjectType[],
    sources: readonly Source[],
    sized: SizedFields,
  ): Sliced<Cost> {
    const costs: Cost[] = [];
    for (const group of collectByGroup(bounded, types, sources)) {
      costs.push(yield* ofGroup(group, sized));
      if (isDue()) yield;
    }
    return { fields: largest(costs.map(({ fields }) => fields)), types: largest(costs.map(({ types }) => types)) };
  }

  function* ofGroup({ types, fields }: Group, sized: SizedFields): Sliced<Cost> {
    const costs: Cost[] = [];
    for (const nodes of fields().values()) {
      weighings++;
      if (isDue()) yield;
      const [{ node, parent }] = nodes;
      const name = node.name.value;
      const definition = name.startsWith('__') ? undefined : definitionOf(types, parent, name);
      if (definition === undefined) continue;
      const said = weights.ofField(types, name, definition.type);
      const cost = yield* ofField(parent.name, { name, definition, said, nodes }, sized.get(name));
      const condition = anyOf(nodes);
      costs.push({ fields: when(condition, cost.fields), types: when(condition, cost.types) });
    }
    return {
      fields: sum(costs.map((cost) => cost.fields)),
      types: sum([weights.ofTypes(types), ...costs.map((cost) => cost.types)]),
    };
  }

  /** Below an interface one field comes for each group of types: where all is the same, it is weighed once. */
  function ofField(typename: string, field: AskedField, size: Amount | undefined): Sliced<Cost> {
    const { definition, said, nodes } = field;
    const kind = definition.args.length === 0 ? String(definition.type) : definition;
    const parts = [kind, size, ...said, ...nodes.flatMap((each) => [each.node, each.condition])];
    return weighOnce(parts, () => {
      const requirement = requirementOf(typename, field);
      if (requirement !== undefined) requirements.push(requirement);
      return weigh(field, size);
    });
  }

  /** Below many fields one fragment can be spread: it is weighed once. */
  function ofBelow(type: GraphQLCompositeType, sources: readonly Source[], sized: SizedFields): Sliced<Cost> {
    const parts = sources.flatMap(({ selectionSet, parent, condition }) => [selectionSet, parent, condition]);
    return weighOnce([type, sized, ...parts], () => ofObject(possibleTypes(schema, type), sources, sized));
  }

  /** @param parts all that the cost depends on; those of a field and those of what is below one begin with different things */
  function* weighOnce(parts: readonly unknown[], weighAnew: () => Sliced<Cost>): Sliced<Cost> {
    const key = parts.map(idOf).join();
    let cost = known.get(key);
    if (cost === undefined) {
      const weighed = yield* weighAnew();
      cost = { fields: computedOnce(weighed.fields), types: computedOnce(weighed.types) };
      known.set(key, cost);
    }
    return cost;
  }

  function* weigh(field: AskedField, size: Amount | undefined): Sliced<Cost> {
    const { definition, said, nodes } = field;
    const [{ node }] = nodes;
    const directives = inputs.ofDirectives(nodes.flatMap((each) => each.node.directives ?? []));
    // One that is less than nothing is nothing (5.3.2.2 "Fields").
    const resolver = largest(
      said.map((each) => atLeastZero(sum([each.weight, directives, inputs.ofArguments(definition, each, node)]))),
    );
    const type = getNamedType(definition.type);
    const items = countItems(field, size, weights.listSize);
    if (isLeafType(type)) return { fields: resolver, types: product(items, weights.ofTypes([type])) };
    const item = yield* ofBelow(type, sourcesBelow(bounded, nodes, type), sizedBy(field, weights.listSize));
    return { fields: sum([resolver, product(items, item.fields)]), types: product(items, item.types) };
  }

  return { ofObject: (types, sources) => ofObject(types, sources, NONE_SIZED), requirements };
}

function when(condition: Condition, amount: Amount): Amount {
  if (condition === undefined || amount === 0) return amount;
  return (values) => (condition(values.variables) ? evaluate(amount, values) : 0);
}

/** Numbers for values, the same for the same one. */
function createIds(): (value: unknown) => number {
  const ids = new Map<unknown, number>();
  return (value) => {
    const id = ids.get(value) ?? ids.size;
    ids.set(value, id);
    return id;
  };
}
