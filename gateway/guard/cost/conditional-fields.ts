import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  isCompositeType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { AccessDecision } from '../../execution/access-decision.ts';
import { matchesType } from '../../execution/type-condition.ts';
import { possibleTypes } from './asked-field.ts';
import type { Condition, Conditions } from './conditions.ts';

/** A selection set of an object, with the type that it is written for and what it depends on. */
export interface Source {
  readonly selectionSet: SelectionSetNode;
  readonly parent: GraphQLCompositeType;
  readonly condition: Condition;
}

/** One of the field nodes that a field is made of. */
export interface ConditionalField {
  readonly node: FieldNode;
  /** The type for which the node is written: the object's own, or an interface or union that includes it. */
  readonly parent: GraphQLCompositeType;
  readonly condition: Condition;
}

/** A field: its nodes, which are one at least. */
export type ConditionalNodes = readonly [ConditionalField, ...ConditionalField[]];

export interface ConditionalContext {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** What the caller may not have: it costs nothing. */
  readonly refused: AccessDecision['refused'];
  readonly conditions: Conditions;
  /** Called for what is looked at, a selection being one, so that there is an end to it: it may throw. */
  readonly step: (count?: number) => void;
}

/** Types of which the same is asked, and what that is, by response key. */
export interface Group {
  readonly types: readonly GraphQLObjectType[];
  readonly fields: ReadonlyMap<string, ConditionalNodes>;
}

/** The same while its fields are collected. */
interface Collected extends Group {
  readonly fields: Map<string, [ConditionalField, ...ConditionalField[]]>;
  readonly conditions: Map<FieldNode, Set<Condition>>;
  /** Whether the types are of it. */
  readonly isOf: (type: GraphQLCompositeType) => boolean;
}

/** To find which types are in which group, and which fields, takes less for each of them than a selection. */
const STEPS_OF_TYPE = 0.25;
const STEPS_OF_GROUP = 0.02;

/**
 * The fields asked of an object that can be of several types (GraphQL specification, 6.3.2 "CollectFields"), for all values of the
 * variables at once: what a variable decides is kept, with its condition. Each selection is looked at once, for all groups that it is for.
 */
export function collectByGroup(
  context: ConditionalContext,
  types: readonly GraphQLObjectType[],
  sources: readonly Source[],
): readonly Group[] {
  const groups = groupsOf(context, types, sources);
  for (const source of sources) {
    forEachSelection(context, source, groups, (selection, { parent, condition }, inside) => {
      if (selection.kind !== Kind.FIELD) {
        context.step(inside.length * STEPS_OF_GROUP);
        return inside.filter(({ isOf }) => isOf(parent));
      }
      for (const group of inside) addField(group, { node: selection, parent, condition });
      return NO_GROUP;
    });
  }
  return groups;
}

function addField({ fields, conditions }: Collected, field: ConditionalField): void {
  const { node, condition } = field;
  // A fragment that is spread twice brings its fields once.
  const known = conditions.get(node);
  if (known?.has(undefined) || known?.has(condition)) return;
  if (known === undefined) conditions.set(node, new Set([condition]));
  else known.add(condition);
  const key = (node.alias ?? node.name).value;
  const nodes = fields.get(key);
  if (nodes === undefined) fields.set(key, [field]);
  else nodes.push(field);
}

/** The types together that are of the same of those on which fragments are. */
function groupsOf(
  context: ConditionalContext,
  types: readonly GraphQLObjectType[],
  sources: readonly Source[],
): readonly Collected[] {
  const { schema, step } = context;
  const [first] = types;
  if (types.length === 1 && first !== undefined)
    return [toGroup(types, (type) => matchesType(schema, first.name, type.name))];
  const applying = new Map<GraphQLObjectType, string>();
  for (const condition of conditionsIn(context, sources)) {
    const possible = possibleTypes(schema, condition);
    step(possible.length * STEPS_OF_TYPE);
    for (const type of possible) applying.set(type, `${applying.get(type) ?? ''} ${condition.name}`);
  }
  if (applying.size > 0) step(types.length * STEPS_OF_TYPE);
  return [...Map.groupBy(types, (type) => applying.get(type) ?? '')].map(([names, alike]) => {
    const conditions = new Set(names.split(' '));
    return toGroup(alike, ({ name }) => conditions.has(name));
  });
}

const toGroup = (types: readonly GraphQLObjectType[], isOf: Collected['isOf']): Collected => ({
  types,
  fields: new Map(),
  conditions: new Map(),
  isOf,
});

const NO_GROUP: readonly Collected[] = [];
/** Something to be inside of, where it does not matter. */
const ANYWHERE: readonly unknown[] = [undefined];

/** The types on which fragments in selections are. */
function conditionsIn(context: ConditionalContext, sources: readonly Source[]): ReadonlySet<GraphQLCompositeType> {
  const types = new Set<GraphQLCompositeType>();
  for (const source of sources) {
    forEachSelection(context, source, ANYWHERE, (selection, { parent }) => {
      if (selection.kind !== Kind.FIELD) types.add(parent);
      return ANYWHERE;
    });
  }
  return types;
}

/** Whether any of the nodes is left in. */
export function anyOf(fields: readonly ConditionalField[]): Condition {
  const conditions = fields.map(({ condition }) => condition);
  if (conditions.includes(undefined)) return undefined;
  if (conditions.length === 1) return conditions[0];
  return (variables) => conditions.some((condition) => condition === undefined || condition(variables));
}

/** What is below fields of one key. Where that is a fragment on the same type alone, it is what is in the fragment: the same below many fields. */
export function sourcesBelow(
  { fragments }: Pick<ConditionalContext, 'fragments'>,
  fields: readonly ConditionalField[],
  parent: GraphQLCompositeType,
): readonly Source[] {
  return fields.flatMap(({ node, condition }) => {
    let { selectionSet } = node;
    if (selectionSet === undefined) return [];
    for (let only = onlySpread(selectionSet); only !== undefined; only = onlySpread(selectionSet)) {
      const fragment = fragments.get(only);
      if (fragment?.typeCondition.name.value !== parent.name) break;
      selectionSet = fragment.selectionSet;
    }
    return [{ selectionSet, parent, condition }];
  });
}

/** The name of the fragment that is all there is in a selection set, in any case. */
function onlySpread({ selections: [first, ...others] }: SelectionSetNode): string | undefined {
  if (first?.kind !== Kind.FRAGMENT_SPREAD || others.length > 0 || first.directives?.length) return undefined;
  return first.name.value;
}

/** @returns those for whom there is something inside; of a field nothing is asked */
type Visit<For> = (
  selection: SelectionNode,
  where: Omit<Source, 'selectionSet'>,
  inside: readonly For[],
) => readonly For[];

/** Visits each selection of a set that can be left in; of fragments first themselves, then, for those for whom they are, what is in them. */
function forEachSelection<For>(
  context: ConditionalContext,
  { selectionSet, parent, condition }: Source,
  inside: readonly For[],
  visit: Visit<For>,
): void {
  for (const selection of selectionSet.selections) {
    context.step();
    const own = conditionOf(selection, context.conditions);
    if (own === 'never') continue;
    const both = context.conditions.both(condition, own);
    if (selection.kind === Kind.FIELD) {
      if (!context.refused.has(selection)) visit(selection, { parent, condition: both }, inside);
      continue;
    }
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? context.fragments.get(selection.name.value) : selection;
    if (fragment === undefined) continue;
    const type = fragment.typeCondition && context.schema.getType(fragment.typeCondition.name.value);
    const where = { parent: isCompositeType(type) ? type : parent, condition: both };
    const those = visit(selection, where, inside);
    if (those.length > 0) forEachSelection(context, { selectionSet: fragment.selectionSet, ...where }, those, visit);
  }
}

function conditionOf({ directives = [] }: SelectionNode, conditions: Conditions): Condition | 'never' {
  let condition: Condition;
  for (const { name, arguments: given = [] } of directives) {
    const isSkip = name.value === GraphQLSkipDirective.name;
    if (!isSkip && name.value !== GraphQLIncludeDirective.name) continue;
    const value = given.find((argument) => argument.name.value === 'if')?.value;
    if (value?.kind === Kind.BOOLEAN) {
      if (value.value === isSkip) return 'never';
    } else if (value?.kind === Kind.VARIABLE) {
      condition = conditions.both(condition, conditions.ofVariable(value.name.value, !isSkip));
    }
  }
  return condition;
}
