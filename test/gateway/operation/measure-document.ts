import {
  type DirectiveNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { NOTHING, type Size } from '../../../gateway/operation/limits.ts';

/** The sizes of the operations of a text, measured in what the parser makes of it: what measuring the text itself must agree with. */
export function measureDocument(text: string): readonly Size[] {
  const { definitions } = parse(text);
  const fragments = new Map(
    definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])),
  );
  const open = new Set<string>();

  function measure(node: OperationDefinitionNode | FragmentDefinitionNode): Size {
    const size = { ...NOTHING };
    measureDirectives(node.directives, size);
    for (const { directives, defaultValue } of node.variableDefinitions ?? []) {
      measureDirectives(directives, size);
      if (defaultValue !== undefined) size.maxInputDepth = Math.max(size.maxInputDepth, depthOf(defaultValue, size));
    }
    size.maxDepth = measureSelections(node.selectionSet, size, true);
    return size;
  }

  function measureSelections({ selections }: SelectionSetNode, into: Size, isTop: boolean): number {
    let depth = 0;
    for (const selection of selections) {
      measureDirectives(selection.directives, into);
      if (selection.kind === Kind.FIELD) {
        into.maxFields++;
        if (isTop) into.maxRootFields++;
        if (selection.alias !== undefined) into.maxAliases++;
        if (['__schema', '__type'].includes(selection.name.value)) into.maxIntrospections++;
        for (const { value } of selection.arguments ?? [])
          into.maxInputDepth = Math.max(into.maxInputDepth, depthOf(value, into));
        const below = selection.selectionSet ? measureSelections(selection.selectionSet, into, false) : 0;
        depth = Math.max(depth, 1 + below);
      } else if (selection.kind === Kind.INLINE_FRAGMENT)
        depth = Math.max(depth, 1 + measureSelections(selection.selectionSet, into, isTop));
      else depth = Math.max(depth, 1 + addFragment(selection.name.value, into, isTop));
    }
    return depth;
  }

  function addFragment(name: string, into: Size, isTop: boolean): number {
    const node = fragments.get(name);
    if (node === undefined || open.has(name)) return 0;
    open.add(name);
    const size = measure(node);
    open.delete(name);
    into.maxFields += size.maxFields;
    if (isTop) into.maxRootFields += size.maxRootFields;
    into.maxAliases += size.maxAliases;
    into.maxDirectives += size.maxDirectives;
    into.maxIntrospections += size.maxIntrospections;
    into.maxListSize = Math.max(into.maxListSize, size.maxListSize);
    into.maxInputDepth = Math.max(into.maxInputDepth, size.maxInputDepth);
    return size.maxDepth;
  }

  return definitions.flatMap((node) => (node.kind === Kind.OPERATION_DEFINITION ? [measure(node)] : []));
}

function measureDirectives(directives: readonly DirectiveNode[] | undefined, into: Size): void {
  into.maxDirectives += directives?.length ?? 0;
  for (const { arguments: given = [] } of directives ?? [])
    for (const { value } of given) into.maxInputDepth = Math.max(into.maxInputDepth, depthOf(value, into));
}

function depthOf(value: ValueNode, into: Size): number {
  if (value.kind === Kind.LIST) {
    into.maxListSize = Math.max(into.maxListSize, value.values.length);
    return 1 + Math.max(0, ...value.values.map((item) => depthOf(item, into)));
  }
  if (value.kind === Kind.OBJECT) return 1 + Math.max(0, ...value.fields.map((field) => depthOf(field.value, into)));
  return 0;
}
