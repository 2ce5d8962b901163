/** A difference of two schemas, and what is told of it: `!` before what breaks. */
export interface ChangeCase {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly changes: readonly string[];
  readonly description?: string;
}

const query = (fields: string, more = '') => `type Query { ${fields} } ${more}`;

/** Changes a single field of the query type. */
const field = (name: string, before: string, after: string, changes: readonly string[], description?: string) => ({
  name,
  before: query(before, SHARED),
  after: query(after, SHARED),
  changes,
  ...(description === undefined ? {} : { description }),
});

/** Changes a definition beside the query type. */
const definition = (name: string, before: string, after: string, changes: readonly string[], description?: string) => ({
  name,
  before: query('q: Int', `${SHARED} ${before}`),
  after: query('q: Int', `${SHARED} ${after}`),
  changes,
  ...(description === undefined ? {} : { description }),
});

const SHARED = 'type A { a: Int } type B { a: Int } interface N { a: Int } union AB = A | B';

/** One of each code at least. */
export const CASES: readonly ChangeCase[] = [
  field('a field removed', 'q: Int r: Int', 'q: Int', ['!FIELD_REMOVED Query.r'], 'type `Query`: field `r` removed'),
  field('a field added', 'q: Int', 'q: Int r: Int', [' FIELD_ADDED Query.r']),
  field('a field of another type', 'q: Int', 'q: String', ['!FIELD_CHANGED_TYPE Query.q']),
  field('a field that is never null now', 'q: Int', 'q: Int!', [' FIELD_CHANGED_TYPE Query.q']),
  field('a field that can be null now', 'q: Int!', 'q: Int', ['!FIELD_CHANGED_TYPE Query.q']),
  field('a list with never a null in it', 'q: [Int]', 'q: [Int!]!', [' FIELD_CHANGED_TYPE Query.q']),
  field('a list for one', 'q: Int', 'q: [Int]', ['!FIELD_CHANGED_TYPE Query.q']),
  field('one for a list', 'q: [Int]', 'q: Int', ['!FIELD_CHANGED_TYPE Query.q']),
  field('a member for a union', 'q: AB', 'q: A', ['!FIELD_CHANGED_TYPE Query.q']),
  field('a field deprecated', 'q: Int', 'q: Int @deprecated', [' FIELD_DEPRECATED Query.q']),
  field('a field no longer deprecated', 'q: Int @deprecated', 'q: Int', [' FIELD_DEPRECATION_REMOVED Query.q']),
  field('a field deprecated for another reason', 'q: Int @deprecated', 'q: Int @deprecated(reason: "r")', [
    ' FIELD_DEPRECATED_REASON_CHANGE Query.q',
  ]),
  field('a field described', 'q: Int', '"What it is." q: Int', [' FIELD_DESCRIPTION_CHANGE Query.q']),
  field(
    'an argument removed',
    'q(x: Int): Int',
    'q: Int',
    ['!ARG_REMOVED Query.q(x:)'],
    'type `Query`: field `q`: argument `x` removed',
  ),
  field('a required argument', 'q: Int', 'q(x: Int!): Int', ['!REQUIRED_ARG_ADDED Query.q(x:)']),
  field('an optional argument', 'q: Int', 'q(x: Int): Int', [' OPTIONAL_ARG_ADDED Query.q(x:)']),
  field('an argument with a default', 'q: Int', 'q(x: Int! = 1): Int', [' OPTIONAL_ARG_ADDED Query.q(x:)']),
  field('an argument of another type', 'q(x: Int): Int', 'q(x: String): Int', ['!ARG_CHANGED_TYPE Query.q(x:)']),
  field('an argument that can be null now', 'q(x: Int!): Int', 'q(x: Int): Int', [' ARG_CHANGED_TYPE Query.q(x:)']),
  field('an argument that must be given now', 'q(x: Int): Int', 'q(x: Int!): Int', [
    '!ARG_CHANGED_TYPE_OPTIONAL_TO_REQUIRED Query.q(x:)',
  ]),
  field('an argument that must not be null now, but may be left out', 'q(x: Int = 1): Int', 'q(x: Int! = 1): Int', [
    '!ARG_CHANGED_TYPE Query.q(x:)',
  ]),
  field('an argument that loses the default that it needs', 'q(x: Int! = 1): Int', 'q(x: Int!): Int', [
    '!ARG_CHANGED_TYPE_OPTIONAL_TO_REQUIRED Query.q(x:)',
    ' ARG_DEFAULT_VALUE_CHANGE Query.q(x:)',
  ]),
  field('an argument that takes a list now', 'q(x: Int): Int', 'q(x: [Int]): Int', ['!ARG_CHANGED_TYPE Query.q(x:)']),
  field('another default', 'q(x: Int = 1): Int', 'q(x: Int = 2): Int', [' ARG_DEFAULT_VALUE_CHANGE Query.q(x:)']),
  field('a default for null', 'q(x: Int = null): Int', 'q(x: Int): Int', [' ARG_DEFAULT_VALUE_CHANGE Query.q(x:)']),
  field('an argument described', 'q(x: Int): Int', 'q("X." x: Int): Int', [' ARG_DESCRIPTION_CHANGE Query.q(x:)']),
  field('an argument deprecated', 'q(x: Int): Int', 'q(x: Int @deprecated): Int', [' ARG_DEPRECATED Query.q(x:)']),
  definition('a type removed', 'type T { a: Int b: Int }', '', ['!TYPE_REMOVED T'], 'type `T` removed'),
  definition('a type added', '', 'type T { a: Int b: Int }', [' TYPE_ADDED T']),
  definition(
    'an input for a type',
    'type T { a: Int }',
    'input T { a: Int }',
    ['!TYPE_CHANGED_KIND T'],
    'type `T` changed from an object type to an input object',
  ),
  definition('a type described', 'type T { a: Int }', '"T." type T { a: Int }', [' TYPE_DESCRIPTION_CHANGE T']),
  definition('an interface removed from a type', 'type T implements N { a: Int }', 'type T { a: Int }', [
    '!TYPE_REMOVED_FROM_INTERFACE T.N',
  ]),
  definition('an interface added to a type', 'type T { a: Int }', 'type T implements N { a: Int }', [
    ' TYPE_ADDED_TO_INTERFACE T.N',
  ]),
  definition('an interface added to an interface', 'interface M { a: Int }', 'interface M implements N { a: Int }', [
    ' TYPE_ADDED_TO_INTERFACE M.N',
  ]),
  definition('a member removed from a union', 'union U = A | B', 'union U = A', ['!TYPE_REMOVED_FROM_UNION U.B']),
  definition('a member added to a union', 'union U = A', 'union U = A | B', [' TYPE_ADDED_TO_UNION U.B']),
  definition('a value removed from an enum', 'enum E { P Q }', 'enum E { P }', ['!VALUE_REMOVED_FROM_ENUM E.Q']),
  definition('a value added to an enum', 'enum E { P }', 'enum E { P Q }', [' VALUE_ADDED_TO_ENUM E.Q']),
  definition('a value deprecated', 'enum E { P }', 'enum E { P @deprecated }', [' ENUM_DEPRECATED E.P']),
  definition('a value described', 'enum E { P }', 'enum E { "P." P }', [' ENUM_VALUE_DESCRIPTION_CHANGE E.P']),
  definition('a field removed from an input', 'input I { a: Int b: Int }', 'input I { a: Int }', [
    '!FIELD_REMOVED_FROM_INPUT_OBJECT I.b',
  ]),
  definition('a required field of an input', 'input I { a: Int }', 'input I { a: Int b: Int! }', [
    '!REQUIRED_FIELD_ADDED_TO_INPUT_OBJECT I.b',
  ]),
  definition('an optional field of an input', 'input I { a: Int }', 'input I { a: Int b: Int! = 1 }', [
    ' OPTIONAL_FIELD_ADDED_TO_INPUT_OBJECT I.b',
  ]),
  definition('a field of an input that must be given now', 'input I { a: Int }', 'input I { a: Int! }', [
    '!FIELD_ON_INPUT_OBJECT_CHANGED_TYPE I.a',
  ]),
  definition('another default of a field of an input', 'input I { a: Int = 1 }', 'input I { a: Int = 2 }', [
    ' FIELD_ON_INPUT_OBJECT_DEFAULT_VALUE_CHANGE I.a',
  ]),
  definition('a field of an input described', 'input I { a: Int }', 'input I { "A." a: Int }', [
    ' FIELD_DESCRIPTION_CHANGE I.a',
  ]),
  definition('an input that takes one field only', 'input I { a: Int }', 'input I @oneOf { a: Int }', [
    '!INPUT_OBJECT_ONE_OF_CHANGE I',
  ]),
  definition('an input that takes several fields', 'input I @oneOf { a: Int }', 'input I { a: Int }', [
    ' INPUT_OBJECT_ONE_OF_CHANGE I',
  ]),
  definition('a scalar specified elsewhere', 'scalar S', 'scalar S @specifiedBy(url: "https://s.example")', [
    ' SCALAR_SPECIFIED_BY_CHANGE S',
  ]),
  definition('a directive removed', 'directive @d on FIELD', '', ['!DIRECTIVE_REMOVED @d']),
  definition('a directive added', '', 'directive @d on FIELD', [' DIRECTIVE_ADDED @d']),
  definition('a directive that can stand in fewer places', 'directive @d on FIELD | QUERY', 'directive @d on FIELD', [
    '!DIRECTIVE_LOCATION_REMOVED @d',
  ]),
  definition('a directive that can stand in more places', 'directive @d on FIELD', 'directive @d on FIELD | QUERY', [
    ' DIRECTIVE_LOCATION_ADDED @d',
  ]),
  definition('a directive that can stand only once', 'directive @d repeatable on FIELD', 'directive @d on FIELD', [
    '!DIRECTIVE_REPEATABLE_REMOVED @d',
  ]),
  definition('a directive that can be repeated', 'directive @d on FIELD', 'directive @d repeatable on FIELD', [
    ' DIRECTIVE_REPEATABLE_ADDED @d',
  ]),
  definition('a directive described', 'directive @d on FIELD', '"D." directive @d on FIELD', [
    ' DIRECTIVE_DESCRIPTION_CHANGE @d',
  ]),
  definition(
    'arguments of a directive',
    'directive @d(a: Int, b: Int, c: Int = 1) on FIELD',
    'directive @d(b: Int!, c: Int = 2, d: Int!, e: Int) on FIELD',
    [
      '!DIRECTIVE_ARG_REMOVED @d(a:)',
      '!REQUIRED_DIRECTIVE_ARG_ADDED @d(d:)',
      ' OPTIONAL_DIRECTIVE_ARG_ADDED @d(e:)',
      '!DIRECTIVE_ARG_CHANGED_TYPE @d(b:)',
      ' DIRECTIVE_ARG_DEFAULT_VALUE_CHANGE @d(c:)',
    ],
  ),
  {
    name: 'mutations that are gone with their type',
    before: query('q: Int', 'type Mutation { m: Int }'),
    after: query('q: Int'),
    changes: ['!TYPE_REMOVED Mutation'],
  },
  {
    name: 'mutations that are gone though their type is not',
    before: query('q: M', 'type M { m: Int } schema { query: Query mutation: M }'),
    after: query('q: M', 'type M { m: Int } schema { query: Query }'),
    changes: ['!OPERATION_TYPE_CHANGED M'],
  },
  {
    name: 'a schema described',
    before: query('q: Int'),
    after: query('q: Int', '"All." schema { query: Query }'),
    changes: [' SCHEMA_DESCRIPTION_CHANGE '],
  },
];
