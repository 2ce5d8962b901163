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

/** Types of which the same is asked. */
export interface Group {
  readonly types: readonly GraphQLObjectType[];
  /** What that is, by response key. Collected anew each time. */
  fields(): ReadonlyMap<string, ConditionalNodes>;
}

interface Members {
  readonly types: readonly GraphQLObjectType[];
  /** Whether the types are of it. */
  readonly isOf: (type: GraphQLCompositeType) => boolean;
}

/** A field, and for whom it is. */
interface Found extends ConditionalField {
  readonly inside: ReadonlySet<Members>;
}

/** To find which types are in which group, and whether a fragment or a field is for it, takes less for each than a selection. */
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
  const all: ReadonlySet<Members> = new Set(groups);
  const found: Found[] = [];
  for (const source of sources) {
    forEachSelection(context, source, all, (selection, { parent, condition }, inside) => {
      if (selection.kind === Kind.FIELD) return void found.push({ node: selection, parent, condition, inside });
      context.step(inside.size * STEPS_OF_GROUP);
      const those = new Set([...inside].filter(({ isOf }) => isOf(parent)));
      return those.size > 0 ? those : undefined;
    });
  }
  return groups.map((group) => ({ types: group.types, fields: () => fieldsOf(context, group, found) }));
}

function fieldsOf({ step }: ConditionalContext, group: Members, found: readonly Found[]) {
  const fields = new Map<string, [ConditionalField, ...ConditionalField[]]>();
  const conditions = new Map<FieldNode, Set<Condition>>();
  step(found.length * STEPS_OF_GROUP);
  for (const field of found) {
    if (!field.inside.has(group)) continue;
    step();
    const { node, condition } = field;
    // A fragment that is spread twice brings its fields once.
    const known = conditions.get(node);
    if (known?.has(undefined) || known?.has(condition)) continue;
    if (known === undefined) conditions.set(node, new Set([condition]));
    else known.add(condition);
    const key = (node.alias ?? node.name).value;
    const nodes = fields.get(key);
    if (nodes === undefined) fields.set(key, [field]);
    else nodes.push(field);
  }
  return fields;
}

/** The types together that are of the same of those on which fragments are. */
function groupsOf(
  context: ConditionalContext,
  types: readonly GraphQLObjectType[],
  sources: readonly Source[],
): readonly Members[] {
  const { schema, step } = context;
  const [first] = types;
  // Of an interface without types, what it says itself is asked.
  if (types.length <= 1)
    return [{ types, isOf: (type) => first !== undefined && matchesType(schema, first.name, type.name) }];
  const applying = new Map<GraphQLObjectType, string>();
  for (const condition of conditionsIn(context, sources)) {
    const possible = possibleTypes(schema, condition);
    step(possible.length * STEPS_OF_TYPE);
    for (const type of possible) applying.set(type, `${applying.get(type) ?? ''} ${condition.name}`);
  }
  // All of them are the same list as before: what is known of that need not be found again.
  if (applying.size === 0) return [{ types, isOf: () => false }];
  step(types.length * STEPS_OF_TYPE);
  return [...Map.groupBy(types, (type) => applying.get(type) ?? '')].map(([names, alike]) => {
    const conditions = new Set(names.split(' '));
    return { types: alike, isOf: ({ name }) => conditions.has(name) };
  });
}

/** The types on which fragments in selections are. */
function conditionsIn(context: ConditionalContext, sources: readonly Source[]): ReadonlySet<GraphQLCompositeType> {
  const types = new Set<GraphQLCompositeType>();
  for (const source of sources) {
    forEachSelection(context, source, true, (selection, { parent }) => {
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

/** @returns what is told of what is in a fragment; `undefined` when that need not be looked at. Of a field it says nothing */
type Visit<Inside> = (
  selection: SelectionNode,
  where: Omit<Source, 'selectionSet'>,
  inside: Inside,
) => Inside | undefined;

/** Visits each selection of a set that can be left in; of fragments first themselves, then what is in them. */
function forEachSelection<Inside>(
  context: ConditionalContext,
  { selectionSet, parent, condition }: Source,
  inside: Inside,
  visit: Visit<Inside>,
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
    const told = visit(selection, where, inside);
    if (told !== undefined) forEachSelection(context, { selectionSet: fragment.selectionSet, ...where }, told, visit);
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
