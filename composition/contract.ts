import { type DocumentNode, Kind, parse, type TypeDefinitionNode } from 'graphql';
import { toApiSchema } from './api-schema.ts';
import { type CompositionError, toCompositionErrors } from './composition-error.ts';
import { argumentsOf, coordinateOf, interfacesOf, membersOf, type Part, partsOf } from './contract-elements.ts';
import { findReachable } from './contract-reach.ts';
import { type ContractNames, readContractNames, tagsOf, typesOf } from './contract-tags.ts';
import { printHidden } from './print-hidden.ts';

/** What a contract lets through of its source, by the names in `@tag`. */
export interface TagFilter {
  /** Empty: everything that is not excluded. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Whether types that no operation can come to are hidden too. */
  readonly hideUnreachableTypes: boolean;
}

const TAG = /^[A-Za-z0-9_/-]{1,128}$/;

/**
 * The supergraph of a contract: that of its source, with `@inaccessible` on all that is not for its clients. Everything stays
 * there for routing, so a hidden key still joins.
 *
 * It follows Apollo's contracts ("Contract reference"): the tags of an object type or interface are those of its fields too; what
 * has an excluded tag is hidden; when tags are included, unions and the fields of objects and interfaces are hidden without one of
 * them; what loses all its fields, members or values is hidden itself; and a field of an interface is hidden with that of a type
 * that implements it.
 *
 * @returns errors where that leaves no schema, such as a field whose type is hidden
 */
export function filterSupergraph(
  supergraphSdl: string,
  filter: TagFilter,
): { readonly supergraphSdl: string } | { readonly errors: readonly CompositionError[] } {
  const errors = checkFilter(filter);
  if (errors.length > 0) return { errors };
  try {
    const document = parse(supergraphSdl, { noLocation: true });
    const names = readContractNames(document);
    const hidden = findHidden(document, names, filter);
    const filtered = printHidden(document, names, hidden, supergraphSdl);
    toApiSchema(filtered);
    return { supergraphSdl: filtered };
  } catch (error) {
    // Lines of the supergraph say nothing to whoever wrote a subgraph.
    return { errors: toCompositionErrors(error).map((each) => ({ ...each, locations: [] })) };
  }
}

function checkFilter({ include, exclude }: TagFilter): CompositionError[] {
  const wrong = [...new Set([...include, ...exclude])].filter((tag) => !TAG.test(tag));
  const both = include.filter((tag) => exclude.includes(tag));
  return [
    ...wrong.map((tag) => `Invalid tag "${tag}": letters, digits, "_", "-" and "/", 128 at most`),
    ...both.map((tag) => `The tag "${tag}" is both included and excluded`),
  ].map((message) => ({ code: 'CONTRACT_INVALID', message, locations: [] }));
}

/** The coordinates of all that clients of the contract do not see. */
function findHidden(document: DocumentNode, names: ContractNames, filter: TagFilter): ReadonlySet<string> {
  const types = typesOf(document, names);
  const include = new Set(filter.include);
  const hidden = hideByTags(types, names, include, new Set(filter.exclude));
  hideWhatIsEmpty(types, hidden);
  if (!filter.hideUnreachableTypes) return hidden;
  const wanted = [...types].filter(([, type]) => tagsOf(type, names.tag).some((tag) => include.has(tag)));
  const reachable = findReachable(
    document,
    types,
    names,
    hidden,
    wanted.map(([name]) => name),
  );
  return hidden.union(new Set(types.keys()).difference(reachable));
}

function hideByTags(
  types: ReadonlyMap<string, TypeDefinitionNode>,
  { tag, inaccessible }: ContractNames,
  include: ReadonlySet<string>,
  exclude: ReadonlySet<string>,
): Set<string> {
  const hidden = new Set<string>();
  const look = (
    coordinate: string,
    node: Part | TypeDefinitionNode,
    inherited: readonly string[],
    needsTag: boolean,
  ) => {
    const tags = [...tagsOf(node, tag), ...inherited];
    const isLeftOut = needsTag && include.size > 0 && !tags.some((each) => include.has(each));
    const isHiddenAlready = node.directives?.some(({ name }) => name.value === inaccessible) === true;
    if (isLeftOut || isHiddenAlready || tags.some((each) => exclude.has(each))) hidden.add(coordinate);
  };
  for (const [name, type] of types) {
    const hasFields = type.kind === Kind.OBJECT_TYPE_DEFINITION || type.kind === Kind.INTERFACE_TYPE_DEFINITION;
    const inherited = hasFields ? tagsOf(type, tag) : [];
    look(name, type, [], type.kind === Kind.UNION_TYPE_DEFINITION);
    for (const part of partsOf(type)) {
      look(coordinateOf.part(name, part), part, inherited, hasFields);
      for (const argument of argumentsOf(part)) look(coordinateOf.argument(name, part, argument), argument, [], false);
    }
  }
  return hidden;
}

/** One thing that is hidden can leave another empty, and so on. */
function hideWhatIsEmpty(types: ReadonlyMap<string, TypeDefinitionNode>, hidden: Set<string>): void {
  for (let size = -1; size !== hidden.size; ) {
    size = hidden.size;
    for (const [name, type] of types) {
      const contents = [...partsOf(type).map((part) => coordinateOf.part(name, part)), ...membersOf(type)];
      if (contents.length > 0 && contents.every((each) => hidden.has(each))) hidden.add(name);
    }
    // Only now: a type that is hidden as a whole takes nothing from its interfaces.
    if (size === hidden.size) hideFromInterfaces(types, hidden);
  }
}

function hideFromInterfaces(types: ReadonlyMap<string, TypeDefinitionNode>, hidden: Set<string>): void {
  for (const [name, type] of types) {
    if (hidden.has(name)) continue;
    for (const part of partsOf(type)) {
      if (!hidden.has(coordinateOf.part(name, part))) continue;
      for (const implemented of interfacesOf(type)) {
        const own = partsOf(types.get(implemented) ?? type).find((each) => each.name.value === part.name.value);
        if (own !== undefined) hidden.add(coordinateOf.part(implemented, own));
      }
    }
  }
}
