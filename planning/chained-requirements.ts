import type { Subgraph, Supergraph } from '@apollo/federation-internals';
import {
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { argumentOf, parseFieldSet, requiresOf } from './field-sets.ts';

/** How the fields begin that `addAnchors` adds; nobody's own fields begin so. */
export const ANCHOR = '_anchor_';

/**
 * Where a field requires another that itself requires something, adds a field to its type that only its subgraph has, to be
 * required besides: see `requireAnchors`.
 *
 * @returns the same document where there is no such chain
 */
export function addAnchors(supergraph: DocumentNode): DocumentNode {
  const requirers = namesThatRequire(supergraph);
  if (requirers.size === 0) return supergraph;
  return visit(supergraph, { ObjectTypeDefinition: (type) => addTo(type, requirers) });
}

/**
 * Lets fields require their anchors. In chains the planner folds the steps between into the fetch that the entity came from
 * when they go to the same subgraph, whatever they wait for: the inner field is then fetched without what it requires, or
 * what it requires is asked of the wrong subgraph. It does not fold what needs a field that is not there. Plans get rid of
 * these fields again by `removeAnchors`.
 *
 * Done to the subgraphs as the planner sees them, because those are stripped of requirements that a subgraph resolves itself.
 */
export function requireAnchors(supergraph: Supergraph): void {
  const subgraphs = [...supergraph.subgraphs()];
  const requirers = new Set(subgraphs.flatMap(namesThatRequireIn));
  for (const subgraph of subgraphs) requireIn(subgraph, requirers);
}

function namesThatRequireIn(subgraph: Subgraph): string[] {
  const directive = subgraph.metadata().requiresDirective();
  const fields = subgraph.schema.objectTypes().flatMap((type) => type.fields());
  return fields.filter((field) => field.hasAppliedDirective(directive)).map(({ name }) => name);
}

function requireIn(subgraph: Subgraph, requirers: ReadonlySet<string>): void {
  const directive = subgraph.metadata().requiresDirective();
  for (const type of subgraph.schema.objectTypes()) {
    const anchor = type.fields().find(({ name }) => name.startsWith(ANCHOR));
    if (anchor === undefined) continue;
    for (const field of type.fields()) {
      for (const application of field.appliedDirectivesOf(directive)) {
        const { fields } = application.arguments();
        if (!selectsAny(parseFieldSet(String(fields)), requirers)) continue;
        application.remove();
        field.applyDirective(directive, { fields: `${fields} ${anchor.name}` });
      }
    }
  }
}

function addTo(type: ObjectTypeDefinitionNode, requirers: ReadonlySet<string>): ObjectTypeDefinitionNode | undefined {
  const graphs = new Set(
    (type.fields ?? []).flatMap(({ directives = [] }) =>
      directives.flatMap((directive) => {
        const requires = requiresOf(directive);
        const isChain = requires !== undefined && selectsAny(parseFieldSet(requires), requirers);
        return (isChain && argumentOf(directive, 'graph')) || [];
      }),
    ),
  );
  return graphs.size === 0 ? undefined : { ...type, fields: [...(type.fields ?? []), ...[...graphs].map(anchorField)] };
}

function anchorField(graph: string): FieldDefinitionNode {
  return {
    kind: Kind.FIELD_DEFINITION,
    name: { kind: Kind.NAME, value: `${ANCHOR}${graph}` },
    type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: 'Boolean' } },
    directives: [
      {
        kind: Kind.DIRECTIVE,
        name: { kind: Kind.NAME, value: 'join__field' },
        arguments: [
          {
            kind: Kind.ARGUMENT,
            name: { kind: Kind.NAME, value: 'graph' },
            value: { kind: Kind.ENUM, value: graph },
          },
        ],
      },
    ],
  };
}

function selectsAny({ selections }: SelectionSetNode, names: ReadonlySet<string>): boolean {
  return selections.some((selection) => {
    if (selection.kind === Kind.FIELD && names.has(selection.name.value)) return true;
    const inner = selection.kind === Kind.FRAGMENT_SPREAD ? undefined : selection.selectionSet;
    return inner !== undefined && selectsAny(inner, names);
  });
}

function namesThatRequire(supergraph: DocumentNode): ReadonlySet<string> {
  const names = new Set<string>();
  visit(supergraph, {
    FieldDefinition: ({ name, directives = [] }) => {
      if (directives.some((directive) => requiresOf(directive) !== undefined)) names.add(name.value);
    },
  });
  return names;
}
