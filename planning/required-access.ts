import {
  baseType,
  type FieldDefinition,
  type InterfaceType,
  type ObjectType,
  parseSelectionSet,
  type Schema,
  type SelectionSet,
} from '@apollo/federation-internals';
import { type AccessRules, implies } from './access-rules.ts';

type Field = FieldDefinition<ObjectType | InterfaceType>;

/**
 * Finds the fields that are computed from what a caller may not be allowed to see: those that do not demand what guards
 * the fields they have by `@requires` or `@fromContext`. Composition refuses them since Federation 2.12.1 (`MISSING_TRANSITIVE_AUTH_REQUIREMENTS`).
 *
 * @returns each as `Type.field needs Type.other`
 */
export function findUnguarded(schema: Schema, rules: AccessRules): readonly string[] {
  if (rules.size === 0) return [];
  const contexts = contextTypes(schema);
  const found = new Set<string>();
  for (const type of [...schema.objectTypes(), ...schema.interfaceTypes()]) {
    for (const field of type.fields() as readonly Field[]) {
      for (const directive of field.appliedDirectivesOf('join__field')) {
        const { requires, contextArguments = [] } = directive.arguments() as JoinField;
        if (requires !== undefined) check(field, parseSelectionSet({ parentType: type, source: requires }));
        for (const { context, selection } of contextArguments) {
          for (const target of contexts.get(context) ?? []) {
            checkPlace(field, target.coordinate);
            check(field, parseSelectionSet({ parentType: target, source: selection }));
          }
        }
      }
    }
  }
  return [...found];

  function check(field: Field, selectionSet: SelectionSet): void {
    for (const selection of selectionSet.selections()) {
      if (selection.kind === 'FieldSelection') {
        const { definition } = selection.element;
        checkPlace(field, definition.coordinate);
        checkPlace(field, baseType(definition.type ?? definition.parent).coordinate);
      } else if (selection.element.typeCondition !== undefined) {
        checkPlace(field, selection.element.typeCondition.coordinate);
      }
      if (selection.selectionSet !== undefined) check(field, selection.selectionSet);
    }
  }

  function checkPlace(field: Field, place: string): void {
    const own = [field.parent.coordinate, field.coordinate].flatMap((each) => rules.get(each) ?? []);
    const isGuarded = (rules.get(place) ?? []).every((rule) => implies(own, rule));
    if (!isGuarded) found.add(`${field.coordinate} needs ${place}`);
  }
}

interface JoinField {
  readonly requires?: string;
  readonly contextArguments?: readonly { readonly context: string; readonly selection: string }[];
}

/** The types at which each context is set. */
function contextTypes(schema: Schema): ReadonlyMap<string, readonly (ObjectType | InterfaceType)[]> {
  const feature = schema.coreFeatures?.getByIdentity('https://specs.apollo.dev/context');
  const definition = feature && schema.directive(feature.directiveNameInSchema('context'));
  const types = new Map<string, (ObjectType | InterfaceType)[]>();
  for (const application of definition?.applications() ?? []) {
    const { name } = application.arguments() as { readonly name: string };
    types.set(name, [...(types.get(name) ?? []), application.parent as ObjectType]);
  }
  return types;
}
