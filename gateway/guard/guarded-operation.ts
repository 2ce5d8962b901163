import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedInputType,
  getNamedType,
  isCompositeType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { AccessRule, AccessRules } from '../../planning/access-rules.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';

/** What the rules of a supergraph say of one operation, whoever asks. */
export interface GuardedOperation {
  /** All that some field demands, each once. */
  readonly rules: readonly AccessRule[];
  readonly fields: readonly GuardedField[];
  /** Whether introspection in it shows what the rules allow: all of the graph's are then among its rules. */
  readonly guardsIntrospection: boolean;
}

export interface SearchedOperation {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Whether introspection shows everything to everyone. */
  readonly opensIntrospection: boolean;
}

/** A field that not everyone may have. */
export interface GuardedField {
  readonly node: FieldNode;
  /** Its number among the fields, counted in the order of the text with each fragment where it is spread first. */
  readonly place: number;
  /** `Type.field` */
  readonly coordinate: string;
  /** What it demands, by the places in `GuardedOperation.rules`. */
  readonly rules: readonly number[];
}

/**
 * Finds what of an operation is guarded. A field demands what it says itself, what the type says that it is asked of, what the type of its
 * value says, and what the types of the arguments that it is given say, whatever is inside of them. The type that it is asked of is the
 * one that stands in the operation: of an interface, which demands what any of its objects does.
 *
 * Meta-fields demand nothing: that something is there, and its `__typename`, is guarded by the field that leads to it.
 */
export function findGuarded(
  { apiSchema, planner: { accessRules } }: Supergraph,
  { operation, fragments, opensIntrospection }: SearchedOperation,
): GuardedOperation {
  const places = new Map<string, number>();
  const rules: AccessRule[] = [];
  const fields: GuardedField[] = [];
  const visited = new Set<string>();
  let count = 0;
  let guardsIntrospection = false;
  const root = apiSchema.getRootType(operation.operation)?.name;
  if (root !== undefined) walk(operation.selectionSet, root);
  if (guardsIntrospection) for (const rule of [...accessRules.values()].flat()) placeOf(rule);
  return { rules, fields, guardsIntrospection };

  function walk({ selections }: SelectionSetNode, parent: string): void {
    for (const selection of selections) {
      if (selection.kind === 'Field') {
        walkField(selection, parent);
      } else if (selection.kind === 'InlineFragment') {
        walk(selection.selectionSet, selection.typeCondition?.name.value ?? parent);
      } else {
        const fragment = fragments.get(selection.name.value);
        if (fragment === undefined || visited.has(selection.name.value)) continue;
        visited.add(selection.name.value);
        walk(fragment.selectionSet, fragment.typeCondition.name.value);
      }
    }
  }

  function walkField(node: FieldNode, parent: string): void {
    const place = count++;
    const { name, selectionSet } = node;
    if (name.value === '__schema' || name.value === '__type') guardsIntrospection ||= !opensIntrospection;
    const type = apiSchema.getType(parent);
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name.value] : undefined;
    if (field === undefined) return;
    const value = getNamedType(field.type);
    const given = field.args.filter((argument) => node.arguments?.some((one) => one.name.value === argument.name));
    const demanded = [...rulesOfField(accessRules, parent, field), ...given.flatMap(rulesOfArgument)];
    if (demanded.length > 0)
      fields.push({ node, place, coordinate: `${parent}.${name.value}`, rules: [...new Set(demanded.map(placeOf))] });
    if (selectionSet !== undefined && isCompositeType(value)) walk(selectionSet, value.name);
  }

  function rulesOfArgument({ type }: GraphQLArgument): readonly AccessRule[] {
    return [...inputTypesIn(getNamedType(type))].flatMap(({ name }) => accessRules.get(name) ?? []);
  }

  function placeOf(rule: AccessRule): number {
    const key = JSON.stringify(rule);
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, rules.length);
    return rules.push(rule) - 1;
  }
}

/** What a field demands, but for its arguments. @param parent the name of the type that it is asked of */
export function rulesOfField(
  rules: AccessRules,
  parent: string,
  { name, type }: GraphQLField<unknown, unknown>,
): readonly AccessRule[] {
  return [parent, `${parent}.${name}`, getNamedType(type).name].flatMap((place) => rules.get(place) ?? []);
}

/** A type of an argument, and all that can be inside of its values. */
export function inputTypesIn(
  type: GraphQLNamedInputType,
  found = new Set<GraphQLNamedInputType>(),
): ReadonlySet<GraphQLNamedInputType> {
  if (found.has(type)) return found;
  found.add(type);
  if (isInputObjectType(type))
    for (const field of Object.values(type.getFields())) inputTypesIn(getNamedType(field.type), found);
  return found;
}
