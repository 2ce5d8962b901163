import { parse, print, stripIgnoredCharacters, visit } from 'graphql';
import type { FetchDataKeyRenamer, FetchNode, PlanNode, QueryPlan, QueryPlanSelectionNode } from './plan.ts';
import type { SeparatedArguments } from './required-arguments.ts';
import { type RequiredValuesOf, readRequiredValues } from './required-values.ts';
import { splitFetch } from './split-fetch.ts';

/**
 * Makes the function that gives the fields of `separateRequiredArguments` their own names back in a plan: each fetch asks for
 * the original under the name of the copy, and representations have the value of the copy under the original's name. Where
 * fields of one fetch require different values of it, the fetch becomes one for each value, side by side.
 */
export function createArgumentRestorer(separated: SeparatedArguments): (plan: QueryPlan) => QueryPlan {
  const { originals } = separated;
  if (originals.size === 0) return (plan) => plan;
  const requiredValuesOf = readRequiredValues(separated);
  return (plan) => {
    const { node } = plan;
    return node === undefined || node.kind === 'Subscription'
      ? plan
      : { ...plan, node: restore(node, originals, requiredValuesOf) };
  };
}

function restore(node: PlanNode, originals: ReadonlyMap<string, string>, requiredValuesOf: RequiredValuesOf): PlanNode {
  const again = (inner: PlanNode) => restore(inner, originals, requiredValuesOf);
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return { ...node, nodes: node.nodes.map(again) };
    case 'Flatten': {
      const inner = again(node.node);
      return inner.kind === 'Parallel'
        ? { ...inner, nodes: inner.nodes.map((each) => ({ ...node, node: each })) }
        : { ...node, node: inner };
    }
    case 'Condition':
      return {
        ...node,
        ...(node.ifClause === undefined ? {} : { ifClause: again(node.ifClause) }),
        ...(node.elseClause === undefined ? {} : { elseClause: again(node.elseClause) }),
      };
    case 'Defer':
      return node;
    case 'Fetch': {
      const [only, ...others] = splitFetch(node, originals, requiredValuesOf).map((fetch) => rename(fetch, originals));
      return only === undefined || others.length > 0
        ? { kind: 'Parallel', nodes: [...(only === undefined ? [] : [only]), ...others] }
        : only;
    }
  }
}

function rename(node: FetchNode, originals: ReadonlyMap<string, string>): FetchNode {
  const renamed = node.requires === undefined ? [] : renamers(node.requires, [], originals);
  return {
    ...node,
    // Before the planner's own, which change the types that these paths go by.
    ...(renamed.length === 0 ? {} : { inputRewrites: [...renamed, ...(node.inputRewrites ?? [])] }),
    operation: renameFields(node.operation, originals),
  };
}

function renameFields(operation: string, originals: ReadonlyMap<string, string>): string {
  if (![...originals.keys()].some((copy) => operation.includes(copy))) return operation;
  const document = visit(parse(operation, { noLocation: true }), {
    Field: (field) => {
      const original = originals.get(field.name.value);
      if (original === undefined) return undefined;
      return { ...field, alias: field.alias ?? field.name, name: { ...field.name, value: original } };
    },
  });
  return stripIgnoredCharacters(print(document));
}

/** The deepest first: their paths go by the names above them. */
function renamers(
  selections: readonly QueryPlanSelectionNode[],
  path: readonly string[],
  originals: ReadonlyMap<string, string>,
): FetchDataKeyRenamer[] {
  return selections.flatMap((selection): FetchDataKeyRenamer[] => {
    if (selection.kind === 'InlineFragment') {
      const { typeCondition } = selection;
      const step = typeCondition === undefined ? [] : [`... on ${typeCondition}`];
      return renamers(selection.selections, [...path, ...step], originals);
    }
    const here = [...path, selection.name];
    const below = renamers(selection.selections ?? [], here, originals);
    const original = originals.get(selection.name);
    return original === undefined ? below : [...below, { kind: 'KeyRenamer', path: here, renameKeyTo: original }];
  });
}
