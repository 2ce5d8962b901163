import type { FieldDefinition, ObjectType, Schema } from '@apollo/federation-internals';

/** What a supergraph demands of who asks, by coordinates: `Type` or `Type.field`. All rules of a coordinate must hold. Plain data. */
export type AccessRules = ReadonlyMap<string, readonly AccessRule[]>;

/** What one directive demands: all names of one of its groups (an OR of ANDs). */
export interface AccessRule {
  readonly directive: AccessDirective;
  /** Scopes, or policies; for `@authenticated` one group without names. */
  readonly anyOf: readonly (readonly string[])[];
}

export type AccessDirective = keyof typeof ARGUMENTS;

/** The security directives of Federation, as their specifications name them, each with the argument that has the groups. */
const ARGUMENTS = { authenticated: undefined, requiresScopes: 'scopes', policy: 'policies' } as const;

const DIRECTIVES = Object.keys(ARGUMENTS) as readonly AccessDirective[];

/**
 * Collects the rules of a supergraph. What composition does since Federation 2.12.1 is done for supergraphs of older composers, too: an
 * interface demands what any of its objects does, and each of its fields what that field does on any of them; a field that
 * an `@interfaceObject` gives to an object demands what it does on the interface, and what the `@interfaceObject` demands.
 */
export function collectAccessRules(schema: Schema): AccessRules {
  const rules = new Map<string, AccessRule[]>();
  for (const name of DIRECTIVES) {
    const feature = schema.coreFeatures?.getByIdentity(`https://specs.apollo.dev/${name}`);
    const definition = feature && schema.directive(feature.directiveNameInSchema(name));
    for (const application of definition?.applications() ?? []) {
      const { coordinate } = application.parent as ObjectType | FieldDefinition<ObjectType>;
      add(rules, coordinate, toRules(name, application.arguments()));
    }
  }
  if (rules.size === 0) return rules;
  for (const type of schema.objectTypes()) {
    for (const field of type.fields().filter(isOfInterfaceObject))
      for (const { name } of type.interfaces().filter((one) => one.field(field.name) !== undefined)) {
        add(rules, field.coordinate, rules.get(`${name}.${field.name}`));
        add(rules, field.coordinate, ofInterfaceAlone(schema, rules, name));
      }
  }
  for (const type of schema.interfaceTypes()) {
    for (const { name, coordinate } of type.possibleRuntimeTypes()) {
      add(rules, type.coordinate, rules.get(coordinate));
      for (const field of type.fields()) add(rules, field.coordinate, rules.get(`${name}.${field.name}`));
    }
  }
  return rules;
}

/** Whether who meets these rules meets the other one: each group that meets all of them has a whole group of it. */
export function implies(rules: readonly AccessRule[], { directive, anyOf }: AccessRule): boolean {
  const same = rules.filter((rule) => rule.directive === directive);
  const enough = same.reduce<readonly (readonly string[])[]>(
    (groups, rule) => groups.flatMap((group) => rule.anyOf.map((more) => [...group, ...more])),
    [[]],
  );
  return same.length > 0 && enough.every((group) => anyOf.some((names) => names.every((name) => group.includes(name))));
}

/** Adds what is not demanded there already. */
function add(rules: Map<string, AccessRule[]>, coordinate: string, more: readonly AccessRule[] = []): void {
  for (const rule of more) {
    const known = rules.get(coordinate) ?? [];
    if (!known.some((one) => implies([one], rule))) rules.set(coordinate, [...known, rule]);
  }
}

/** @returns nothing for one that demands nothing: without groups, or with a group that has no names */
function toRules(directive: AccessDirective, given: Readonly<Record<string, unknown>>): AccessRule[] {
  const argument = ARGUMENTS[directive];
  if (argument === undefined) return [{ directive, anyOf: [[]] }];
  const anyOf = toList(given[argument]).map((group) => toList(group).map(String));
  return anyOf.length === 0 || anyOf.some((names) => names.length === 0) ? [] : [{ directive, anyOf }];
}

/** One value stands for a list of it (specification, 3.11 "Input Coercion"). */
function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** What an interface demands and none of its objects does: of an `@interfaceObject` that has a directive itself, which composers took until 2.12.1. */
function ofInterfaceAlone(schema: Schema, rules: AccessRules, name: string): readonly AccessRule[] {
  const type = schema.type(name);
  if (type?.kind !== 'InterfaceType') return [];
  const ofObjects = type.possibleRuntimeTypes().map(({ coordinate }) => rules.get(coordinate) ?? []);
  return (rules.get(name) ?? []).filter((rule) => !ofObjects.some((own) => implies(own, rule)));
}

/** Whether a field of an object is there because an `@interfaceObject` has it: then no subgraph has it on the object itself. */
function isOfInterfaceObject(field: FieldDefinition<ObjectType>): boolean {
  const joined = field.appliedDirectivesOf('join__field');
  return joined.length > 0 && joined.every((directive) => directive.arguments().graph === undefined);
}
