import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
  type InputValueDefinitionNode,
  Kind,
  type ObjectValueNode,
} from 'graphql';
import { argumentOf } from './field-sets.ts';

/**
 * What a supergraph says of costs: the `@cost` and `@listSize` of the IBM GraphQL Cost Directives specification, as composition
 * (2.9 and later) has merged them: the largest weight and assumed size, the slicing arguments and sized fields of all,
 * and one slicing argument is required where every subgraph requires it. Plain data.
 */
export interface CostRules {
  /** Weights of objects, scalars and enums. */
  readonly types: ReadonlyMap<string, number>;
  /** By `Type.field`, of objects and interfaces. */
  readonly fields: ReadonlyMap<string, FieldCostRule>;
  /** Weights by `Type.field`. */
  readonly inputFields: ReadonlyMap<string, number>;
  /** Weights by `@directive.argument`. */
  readonly directiveArguments: ReadonlyMap<string, number>;
}

export interface FieldCostRule {
  readonly weight: number | undefined;
  /** Weights by the names of arguments. */
  readonly arguments: ReadonlyMap<string, number>;
  readonly listSize: ListSize | undefined;
}

/** `@listSize` (section 8 of the specification). */
export interface ListSize {
  readonly assumedSize: number | undefined;
  readonly slicingArguments: readonly string[];
  readonly sizedFields: readonly string[];
  readonly requireOneSlicingArgument: boolean;
}

/** Collects them. A supergraph without any has empty maps. */
export function collectCostRules(supergraph: DocumentNode): CostRules {
  const names = directiveNames(supergraph);
  const types = new Map<string, number>();
  const fields = new Map<string, FieldCostRule>();
  const inputFields = new Map<string, number>();
  const directiveArguments = new Map<string, number>();
  const rules = { types, fields, inputFields, directiveArguments };
  if (names === undefined) return rules;

  const weightOf = (directives: readonly ConstDirectiveNode[] | undefined): number | undefined => {
    const directive = directives?.find(({ name }) => name.value === names.cost);
    const weight = directive === undefined ? undefined : argumentOf(directive, 'weight');
    return weight === undefined ? undefined : Number(weight);
  };
  const weightsOf = (inputs: readonly InputValueDefinitionNode[] = []) =>
    new Map(
      inputs.flatMap(({ name, directives }) => {
        const weight = weightOf(directives);
        return weight === undefined ? [] : [[name.value, weight] as const];
      }),
    );

  for (const node of supergraph.definitions) {
    switch (node.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_DEFINITION:
        for (const field of node.fields ?? []) {
          const weight = weightOf(field.directives);
          const ofArguments = weightsOf(field.arguments);
          const sizing = field.directives?.find(({ name }) => name.value === names.listSize);
          if (weight === undefined && ofArguments.size === 0 && sizing === undefined) continue;
          const listSize = sizing && toListSize(sizing);
          fields.set(`${node.name.value}.${field.name.value}`, { weight, arguments: ofArguments, listSize });
        }
        break;
      case Kind.INPUT_OBJECT_TYPE_DEFINITION:
        for (const [name, weight] of weightsOf(node.fields)) inputFields.set(`${node.name.value}.${name}`, weight);
        break;
      case Kind.DIRECTIVE_DEFINITION:
        for (const [name, weight] of weightsOf(node.arguments))
          directiveArguments.set(`@${node.name.value}.${name}`, weight);
        break;
    }
    if (
      node.kind === Kind.OBJECT_TYPE_DEFINITION ||
      node.kind === Kind.SCALAR_TYPE_DEFINITION ||
      node.kind === Kind.ENUM_TYPE_DEFINITION
    ) {
      const weight = weightOf(node.directives);
      if (weight !== undefined) types.set(node.name.value, weight);
    }
  }
  return rules;
}

function toListSize(directive: ConstDirectiveNode): ListSize {
  const assumedSize = argumentOf(directive, 'assumedSize');
  return {
    assumedSize: assumedSize === undefined ? undefined : Number(assumedSize),
    slicingArguments: textsOf(directive, 'slicingArguments'),
    sizedFields: textsOf(directive, 'sizedFields'),
    requireOneSlicingArgument: argumentOf(directive, 'requireOneSlicingArgument') !== 'false',
  };
}

function textsOf({ arguments: given = [] }: ConstDirectiveNode, name: string): readonly string[] {
  const value = given.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.LIST ? value.values.flatMap(textOf) : [];
}

function textOf(value: ConstValueNode): readonly string[] {
  return value.kind === Kind.STRING ? [value.value] : [];
}

const SPECIFICATION = /^https:\/\/specs\.apollo\.dev\/cost\/v/;

/**
 * The names that the two directives have in a supergraph, by its `@link` (core specification): imported by their own or by another name, or
 * else after the specification, of which `@cost` is the directive of the same name.
 *
 * @returns `undefined` for a supergraph that does not link it
 */
function directiveNames({ definitions }: DocumentNode): { cost: string; listSize: string } | undefined {
  const links = definitions
    .flatMap((node) =>
      node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION ? (node.directives ?? []) : [],
    )
    .filter(({ name }) => name.value === 'link');
  const link = links.find((each) => SPECIFICATION.test(argumentOf(each, 'url') ?? ''));
  if (link === undefined) return undefined;
  const prefix = argumentOf(link, 'as') ?? 'cost';
  const imports = link.arguments?.find(({ name }) => name.value === 'import')?.value;
  const imported = new Map(imports?.kind === Kind.LIST ? imports.values.flatMap(importOf) : []);
  return { cost: imported.get('@cost') ?? prefix, listSize: imported.get('@listSize') ?? `${prefix}__listSize` };
}

/** `"@cost"`, or `{ name: "@cost", as: "@price" }`. */
function importOf(value: ConstValueNode): (readonly [string, string])[] {
  if (value.kind === Kind.STRING) return [[value.value, value.value.slice(1)]];
  if (value.kind !== Kind.OBJECT) return [];
  const name = fieldOf(value, 'name');
  return name === undefined ? [] : [[name, (fieldOf(value, 'as') ?? name).slice(1)]];
}

function fieldOf({ fields }: ObjectValueNode, name: string): string | undefined {
  const value = fields.find((field) => field.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}
