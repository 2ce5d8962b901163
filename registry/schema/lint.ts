import { type DocumentNode, GraphQLError, isExecutableDefinitionNode, Kind, type Location, parse } from 'graphql';
import { createByteOffsets } from './byte-offsets.ts';
import { elementsOf, type LintElement } from './lint-elements.ts';
import { LINT_RULES, type LintFacts, type LintLevel } from './lint-rules.ts';

/** What a rule found. */
export interface Diagnostic {
  readonly level: 'ERROR' | 'WARNING';
  readonly message: string;
  /** A schema coordinate; empty for what is about the text. */
  readonly coordinate: string;
  /** As in `LINT_RULES`, or `DOES_NOT_PARSE` or `QUERY_DOCUMENT_DECLARATION`. */
  readonly rule: string;
  /** In bytes of UTF-8 from the beginning of the text, on a character boundary and strictly inside of it. */
  readonly start: number;
  /** Where it ends, or the last character of the text. */
  readonly end: number;
}

export interface LintOptions {
  /** What it was before: what was wrong there already is not told. */
  readonly baseSdl?: string | undefined;
  /** By rule; the rules' own levels where it says nothing. */
  readonly rules?: Readonly<Record<string, LintLevel>> | undefined;
}

/** More would be read by nobody, and a schema of a machine can have a violation in every line. */
const MOST = 1_000;

/**
 * Looks for what is against the rules in the SDL of a subgraph, or in any schema. What federation brings (`@link`, `@key`, `_service`)
 * is against none of them.
 *
 * Own rules: `@graphql-eslint/eslint-plugin` wants the whole of ESLint, and `graphql-schema-linter` is no longer kept.
 *
 * @returns in the order of the text; at most a thousand
 */
export function lint(sdl: string, { baseSdl, rules = {} }: LintOptions = {}): Diagnostic[] {
  const document = tryParse(sdl);
  const offsetOf = createByteOffsets(sdl);
  if (document instanceof GraphQLError) return sdl === '' ? [] : [toParseError(document, offsetOf)];
  const known = new Set(baseSdl === undefined ? [] : violationsIn(tryParse(baseSdl), rules).map(keyOf));
  return violationsIn(document, rules)
    .filter((violation) => !known.has(keyOf(violation)))
    .slice(0, MOST)
    .map(({ loc, ...violation }) => ({ ...violation, start: offsetOf(loc?.start ?? 0), end: offsetOf(loc?.end ?? 0) }));
}

type Violation = Omit<Diagnostic, 'start' | 'end'> & { readonly loc: Location | undefined };

const keyOf = ({ rule, coordinate }: Violation) => `${rule} ${coordinate}`;

function tryParse(sdl: string): DocumentNode | GraphQLError {
  try {
    return parse(sdl);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

function toParseError({ message, positions }: GraphQLError, offsetOf: (index: number) => number): Diagnostic {
  const at = positions?.[0] ?? 0;
  return {
    level: 'ERROR',
    message,
    coordinate: '',
    rule: 'DOES_NOT_PARSE',
    start: offsetOf(at),
    end: offsetOf(at + 1),
  };
}

function violationsIn(document: DocumentNode | GraphQLError, rules: Readonly<Record<string, LintLevel>>): Violation[] {
  if (document instanceof GraphQLError) return [];
  const executable = document.definitions.filter(isExecutableDefinitionNode).map(({ loc }) => ({
    level: 'ERROR' as const,
    message: 'A schema contains no operations or fragments.',
    coordinate: '',
    rule: 'QUERY_DOCUMENT_DECLARATION',
    loc: loc && ({ ...loc, end: loc.start + 1 } as Location),
  }));
  const elements = elementsOf(document);
  const facts = factsOf(document, elements);
  const checks = Object.entries(LINT_RULES).flatMap(([rule, { level, check }]) => {
    const chosen = rules[rule] ?? level;
    return chosen === 'OFF' ? [] : [{ rule, level: chosen, check }];
  });
  const violations = elements.flatMap((element) =>
    checks.flatMap(({ rule, level, check }): Violation[] => {
      const message = check(element, facts);
      return message === undefined
        ? []
        : [{ level, message, coordinate: element.coordinate, rule, loc: element.at.loc }];
    }),
  );
  return [...executable, ...violations];
}

function factsOf({ definitions }: DocumentNode, elements: readonly LintElement[]): LintFacts {
  const typesOf = (...kinds: readonly LintElement['kind'][]) =>
    elements.flatMap(({ kind, of }) => (kinds.includes(kind) && of !== undefined ? [of] : []));
  const roots = new Map([
    ['query', 'Query'],
    ['mutation', 'Mutation'],
    ['subscription', 'Subscription'],
  ]);
  const joined: string[] = [];
  for (const node of definitions) {
    if (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION) {
      for (const { operation, type } of node.operationTypes ?? []) roots.set(operation, type.name.value);
    } else if ('types' in node || 'interfaces' in node) {
      const names = [...(('types' in node && node.types) || []), ...(('interfaces' in node && node.interfaces) || [])];
      joined.push(...names.map(({ name }) => name.value));
      // A type that implements an interface is come to by it.
      if ('interfaces' in node && (node.interfaces ?? []).length > 0) joined.push(node.name.value);
    }
  }
  return {
    inputs: new Set(typesOf('argument', 'input field')),
    outputs: new Set([...typesOf('field'), ...joined]),
    mutation: roots.get('mutation') ?? 'Mutation',
    roots: new Set(roots.values()),
  };
}
