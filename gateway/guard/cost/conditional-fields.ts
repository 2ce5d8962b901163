import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  GraphQLIncludeDirective,
  type GraphQLSchema,
  GraphQLSkipDirective,
  isCompositeType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { AccessDecision } from '../../execution/access-decision.ts';
import { matchesType } from '../../execution/type-condition.ts';
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

/**
 * The fields asked of an object of a type, by response key (GraphQL specification, 6.3.2 "CollectFields"), for all values of the
 * variables at once: what a variable decides is kept, with its condition.
 */
export function collectConditionalFields(
  context: ConditionalContext,
  typename: string,
  sources: readonly Source[],
): ReadonlyMap<string, ConditionalNodes> {
  const fields = new Map<string, [ConditionalField, ...ConditionalField[]]>();
  const conditions = new Map<FieldNode, Set<Condition>>();
  for (const source of sources) {
    forEachSelection(context, source, (selection, { parent, condition }) => {
      if (selection.kind !== Kind.FIELD) return matchesType(context.schema, typename, parent.name);
      // A fragment that is spread twice brings its fields once.
      const known = conditions.get(selection);
      if (known?.has(undefined) || known?.has(condition)) return false;
      if (known === undefined) conditions.set(selection, new Set([condition]));
      else known.add(condition);
      const key = (selection.alias ?? selection.name).value;
      const field = { node: selection, parent, condition };
      const nodes = fields.get(key);
      if (nodes === undefined) fields.set(key, [field]);
      else nodes.push(field);
      return false;
    });
  }
  return fields;
}

/** The types on which fragments in selections are. */
export function conditionsIn(
  context: ConditionalContext,
  sources: readonly Source[],
): ReadonlySet<GraphQLCompositeType> {
  const types = new Set<GraphQLCompositeType>();
  for (const source of sources) {
    forEachSelection(context, source, (selection, { parent }) => {
      if (selection.kind !== Kind.FIELD) types.add(parent);
      return true;
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

/** What is below fields of one key. */
export function sourcesBelow(fields: readonly ConditionalField[], parent: GraphQLCompositeType): readonly Source[] {
  return fields.flatMap(({ node: { selectionSet }, condition }) =>
    selectionSet === undefined ? [] : [{ selectionSet, parent, condition }],
  );
}

type Visit = (selection: SelectionNode, inside: Omit<Source, 'selectionSet'>) => boolean;

/** Visits each selection of a set that can be left in; of fragments first themselves, then, when that returns true, what is in them. */
function forEachSelection(
  context: ConditionalContext,
  { selectionSet, parent, condition }: Source,
  visit: Visit,
): void {
  for (const selection of selectionSet.selections) {
    context.step();
    const own = conditionOf(selection, context.conditions);
    if (own === 'never') continue;
    const both = context.conditions.both(condition, own);
    if (selection.kind === Kind.FIELD) {
      if (!context.refused.has(selection)) visit(selection, { parent, condition: both });
      continue;
    }
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? context.fragments.get(selection.name.value) : selection;
    if (fragment === undefined) continue;
    const type = fragment.typeCondition && context.schema.getType(fragment.typeCondition.name.value);
    const inside = { parent: isCompositeType(type) ? type : parent, condition: both };
    if (visit(selection, inside)) forEachSelection(context, { selectionSet: fragment.selectionSet, ...inside }, visit);
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
