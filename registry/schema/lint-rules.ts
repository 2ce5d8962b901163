import { Kind } from 'graphql';
import { RegistryError } from '../errors.ts';
import type { LintElement } from './lint-elements.ts';

/** How much a violation matters: with an `ERROR`, rover ends with 1. */
export type LintLevel = 'ERROR' | 'WARNING' | 'OFF';

/** What a rule can know of the whole schema. */
export interface LintFacts {
  /** The names of types that arguments and input fields have. */
  readonly inputs: ReadonlySet<string>;
  /** The names of types that fields have, and of members of unions and interfaces. */
  readonly outputs: ReadonlySet<string>;
  /** The name of the type of mutations. */
  readonly mutation: string;
  readonly roots: ReadonlySet<string>;
}

/** What is asked of a schema besides that it is one. */
export interface LintRule {
  /** Where nobody has said anything else. */
  readonly level: LintLevel;
  /** @returns what is wrong with an element */
  check(element: LintElement, facts: LintFacts): string | undefined;
}

const TYPES: ReadonlySet<string> = new Set(['object', 'interface', 'union', 'scalar', 'enum', 'input']);
const isType = ({ kind }: LintElement) => TYPES.has(kind);

const CAMEL = /^[a-z][A-Za-z0-9]*$/;
const PASCAL = /^[A-Z][A-Za-z0-9]*$/;
const SCREAMING = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/;

function naming(applies: (element: LintElement) => boolean, pattern: RegExp, how: string): LintRule {
  return {
    level: 'WARNING',
    check: (element) =>
      applies(element) && !pattern.test(element.name) ? `${nameOf(element)} should be in ${how}.` : undefined,
  };
}

function affix(applies: (element: LintElement) => boolean, place: 'begin' | 'end', word: string): LintRule {
  const isAffixed = (name: string) => (place === 'begin' ? name.startsWith(word) : name.endsWith(word));
  return {
    level: 'WARNING',
    check: (element) =>
      applies(element) && element.name !== word && isAffixed(element.name)
        ? `${nameOf(element)} should not ${place} with "${word}".`
        : undefined,
  };
}

const ofKind =
  (...kinds: readonly LintElement['kind'][]) =>
  ({ kind }: LintElement) =>
    kinds.includes(kind);

function nameOf({ kind, name, type }: LintElement): string {
  const where = type === '' || kind === 'directive' ? '' : ` of ${type}`;
  return `The name of the ${kind} "${name}"${where}`;
}

/**
 * The rules, by the names that the vendor's linter has for them. Those that are a matter of taste are off: an operator turns them
 * on for a variant, and any other off.
 */
export const LINT_RULES: Readonly<Record<string, LintRule>> = {
  FIELD_NAMES_SHOULD_BE_CAMEL_CASE: naming(ofKind('field'), CAMEL, 'camelCase'),
  INPUT_ARGUMENT_NAMES_SHOULD_BE_CAMEL_CASE: naming(ofKind('argument', 'input field'), CAMEL, 'camelCase'),
  DIRECTIVE_NAMES_SHOULD_BE_CAMEL_CASE: naming(ofKind('directive'), CAMEL, 'camelCase'),
  TYPE_NAMES_SHOULD_BE_PASCAL_CASE: naming(isType, PASCAL, 'PascalCase'),
  ENUM_VALUES_SHOULD_BE_SCREAMING_SNAKE_CASE: naming(ofKind('value'), SCREAMING, 'SCREAMING_SNAKE_CASE'),
  TYPE_PREFIX: affix(isType, 'begin', 'Type'),
  TYPE_SUFFIX: affix(isType, 'end', 'Type'),
  OBJECT_PREFIX: affix(ofKind('object'), 'begin', 'Object'),
  OBJECT_SUFFIX: affix(ofKind('object'), 'end', 'Object'),
  INTERFACE_PREFIX: affix(ofKind('interface'), 'begin', 'Interface'),
  INTERFACE_SUFFIX: affix(ofKind('interface'), 'end', 'Interface'),
  ENUM_PREFIX: affix(ofKind('enum'), 'begin', 'Enum'),
  ENUM_SUFFIX: affix(ofKind('enum'), 'end', 'Enum'),
  INPUT_TYPE_SUFFIX: {
    level: 'WARNING',
    check: (element) =>
      element.kind === 'input' && !element.name.endsWith('Input')
        ? `${nameOf(element)} should end with "Input".`
        : undefined,
  },
  RESTY_FIELD_NAMES: {
    level: 'WARNING',
    check: (element, { mutation }) =>
      element.kind === 'field' && element.type !== mutation && /^(?:get|list|post|put|patch)[A-Z]/.test(element.name)
        ? `${nameOf(element)} should not begin with a verb: a field is something, and only a mutation does something.`
        : undefined,
  },
  DEPRECATED_DIRECTIVE_MISSING_REASON: {
    level: 'WARNING',
    check: ({ kind, name, type, directives }) =>
      directives.some((directive) => directive.name.value === 'deprecated' && !hasReason(directive.arguments))
        ? `The ${kind} "${name}" of ${type} is deprecated without a reason: say what to use instead.`
        : undefined,
  },
  ALL_ELEMENTS_REQUIRE_DESCRIPTION: {
    level: 'OFF',
    check: (element, { roots }) =>
      element.description === undefined && !(element.kind === 'object' && roots.has(element.name))
        ? `The ${element.kind} "${element.name}" has no description.`
        : undefined,
  },
  DEFINED_TYPES_ARE_UNUSED: {
    level: 'OFF',
    check: (element, { inputs, outputs, roots }) =>
      isType(element) &&
      !inputs.has(element.name) &&
      !outputs.has(element.name) &&
      !roots.has(element.name) &&
      !element.directives.some(({ name }) => name.value === 'key')
        ? `The ${element.kind} "${element.name}" is used nowhere.`
        : undefined,
  },
  ENUM_USED_AS_INPUT_WITHOUT_SUFFIX: {
    level: 'OFF',
    check: (element, { inputs }) =>
      element.kind === 'enum' && inputs.has(element.name) && !element.name.endsWith('Input')
        ? `The enum "${element.name}" is used as input; its name should end with "Input".`
        : undefined,
  },
  ENUM_USED_AS_OUTPUT_DESPITE_SUFFIX: {
    level: 'OFF',
    check: (element, { outputs }) =>
      element.kind === 'enum' && outputs.has(element.name) && element.name.endsWith('Input')
        ? `The enum "${element.name}" is used as output, though its name ends with "Input".`
        : undefined,
  },
};

/** @throws {RegistryError} BAD_REQUEST for a name that no rule has: nobody would notice that nothing comes of it */
export function checkRules(names: readonly string[]): void {
  const unknown = names.filter((name) => !Object.hasOwn(LINT_RULES, name));
  if (unknown.length === 0) return;
  const shown = unknown.map((name) => `"${name.slice(0, 100)}"`).join(', ');
  throw new RegistryError(
    'BAD_REQUEST',
    `There is no rule of lint ${shown}. There are ${Object.keys(LINT_RULES).join(', ')}.`,
  );
}

type Given = LintElement['directives'][number]['arguments'];

function hasReason(given: Given = []): boolean {
  return given.some(
    ({ name, value }) => name.value === 'reason' && value.kind === Kind.STRING && value.value.trim() !== '',
  );
}
