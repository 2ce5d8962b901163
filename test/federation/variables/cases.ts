import type { FederationCase } from '../support/describe-feature.ts';

export const cases: readonly FederationCase[] = [
  {
    name: 'scalars of every kind arrive as they were sent',
    query:
      'query ($text: String, $number: Int, $decimal: Float, $flag: Boolean, $id: ID) { echo(text: $text, number: $number, decimal: $decimal, flag: $flag, id: $id) }',
    variables: { text: 'a "quoted"\n{text} $x', number: -2147483648, decimal: 1e21, flag: false, id: '007' },
    data: {
      echo: '{"text":"a \\"quoted\\"\\n{text} $x","number":-2147483648,"decimal":1e+21,"flag":false,"id":"007"}',
    },
  },
  {
    name: 'an id may be a number, and a float an integer',
    query: 'query ($id: ID, $decimal: Float) { echo(id: $id, decimal: $decimal) }',
    variables: { id: 7, decimal: 3 },
    data: { echo: '{"decimal":3,"id":"7"}' },
  },
  {
    name: 'an absent variable leaves the argument out, a null one sends null',
    query: 'query ($absent: String, $nothing: Int) { echo(text: $absent, number: $nothing) }',
    variables: { nothing: null },
    data: { echo: '{"number":null}' },
  },
  {
    name: 'an absent variable lets the argument’s default stand, a null one replaces it',
    query: 'query ($text: String, $filter: Filter) { a: defaults(text: $text) b: defaults(filter: $filter) }',
    variables: { filter: null },
    data: {
      a: '{"text":"default","order":"DESC","filter":{"text":"inner","order":"ASC"}}',
      b: '{"text":"default","order":"DESC","filter":null}',
    },
  },
  {
    name: 'a variable’s own default is used when it is absent, not when it is null',
    query:
      'query ($a: String = "mine", $b: String = "mine", $c: String = "mine") { echo(text: $a) b: echo(text: $b) c: echo(text: $c) }',
    variables: { b: null, c: 'given' },
    data: { echo: '{"text":"mine"}', b: '{"text":null}', c: '{"text":"given"}' },
  },
  {
    name: 'a default that is an object, a list and an enum',
    query:
      'query ($filter: Filter = { tags: ["x"], order: DESC, ranges: [[{ to: 3 }], null] }, $order: Order = DESC, $numbers: [Int] = [1, null]) { echo(filter: $filter, order: $order) lists(numbers: $numbers, needed: [2]) }',
    data: {
      echo: '{"order":"DESC","filter":{"tags":["x"],"ranges":[[{"from":1,"to":3}],null],"order":"DESC"}}',
      lists: '{"numbers":[1,null],"needed":[2]}',
    },
  },
  {
    name: 'a nullable variable with a default where the argument is not nullable',
    query: 'query ($order: Order = ASC, $id: ID = "5") { defaults(order: $order) item(id: $id) { id second } }',
    data: {
      defaults: '{"text":"default","order":"ASC","filter":{"text":"inner","order":"ASC"}}',
      item: { id: '5', second: '{"order":"ASC","flag":false}' },
    },
  },
  {
    name: 'an input object as a whole, nested and in lists of lists',
    query: 'query ($filter: Filter) { echo(filter: $filter) }',
    variables: {
      filter: {
        text: null,
        ranges: [[{ to: 9 }, { from: null, to: 2 }], []],
        nested: { nested: { tags: [] } },
        not: [{ order: 'DESC' }, null],
      },
    },
    data: {
      echo: '{"filter":{"text":null,"ranges":[[{"from":1,"to":9},{"from":null,"to":2}],[]],"order":"ASC","nested":{"order":"ASC","nested":{"tags":[],"order":"ASC"}},"not":[{"order":"DESC"},null]}}',
    },
  },
  {
    name: 'variables inside input objects and lists, absent ones too',
    query:
      'query ($text: String, $tag: String!, $from: Int, $missing: Filter, $number: Int) { echo(filter: { text: $text, tags: [$tag, "b"], ranges: [[{ from: $from }]], nested: $missing }) lists(needed: [1], numbers: [1, $number], nested: [[$text, null], null]) }',
    variables: { text: 'x', tag: 'a' },
    data: {
      echo: '{"filter":{"text":"x","tags":["a","b"],"ranges":[[{"from":1}]],"order":"ASC"}}',
      lists: '{"numbers":[1,null],"needed":[1],"nested":[["x",null],null]}',
    },
  },
  {
    name: 'a single value for a list becomes a list of one',
    query: 'query ($numbers: [Int], $nested: [[String]]) { lists(needed: 3, numbers: $numbers, nested: $nested) }',
    variables: { numbers: 4, nested: 'deep' },
    data: { lists: '{"numbers":[4],"needed":[3],"nested":[["deep"]]}' },
  },
  {
    name: 'a variable travels to the subgraph below an entity, and only there',
    query:
      'query ($id: ID!, $text: String, $filter: Filter) { item(id: $id) { second(text: $text, filter: $filter) } }',
    variables: { id: '3', text: 'hello', filter: { tags: ['t'] } },
    data: { item: { second: '{"text":"hello","filter":{"tags":["t"],"order":"ASC"},"order":"ASC","flag":false}' } },
  },
  {
    name: 'one variable in both subgraphs and at several depths',
    query:
      'query ($text: String, $order: Order!, $id: ID!) { second(text: $text, order: $order) echo(text: $text, order: $order) items(ids: [$id, "2"]) { first(filter: { text: $text, order: $order }) child(id: $id) { second(text: $text, order: $order) } } }',
    variables: { text: 't', order: 'DESC', id: '1' },
    data: {
      second: '{"text":"t","order":"DESC"}',
      echo: '{"text":"t","order":"DESC"}',
      items: [
        {
          first: '{"filter":{"text":"t","order":"DESC"}}',
          child: { second: '{"text":"t","order":"DESC","flag":false}' },
        },
        {
          first: '{"filter":{"text":"t","order":"DESC"}}',
          child: { second: '{"text":"t","order":"DESC","flag":false}' },
        },
      ],
    },
  },
  {
    name: 'absent and null below an entity, with a default of the field in the other subgraph',
    query:
      'query ($absent: Order, $nothing: Order) { item { a: second(order: $absent) b: second(order: $nothing) c: second(order: DESC, flag: true) } }',
    variables: { nothing: null },
    data: {
      item: {
        a: '{"order":"ASC","flag":false}',
        b: '{"order":null,"flag":false}',
        c: '{"order":"DESC","flag":true}',
      },
    },
  },
  {
    name: 'a variable used in a condition alone does not travel',
    query:
      'query ($show: Boolean!, $text: String = "d") { item { id @include(if: $show) second(text: $text) @skip(if: $show) } }',
    variables: { show: true },
    data: { item: { id: '1' } },
    calls: { first: 1, second: 0 },
  },
  {
    name: 'a condition takes its default',
    query: 'query ($show: Boolean = false) { item { id second @include(if: $show) first @skip(if: $show) } }',
    data: { item: { id: '1', first: '{}' } },
  },
  {
    name: 'the same variable in a condition and in an argument',
    query: 'query ($flag: Boolean!) { item { second(flag: $flag) @include(if: $flag) } echo(flag: $flag) }',
    variables: { flag: true },
    data: { item: { second: '{"order":"ASC","flag":true}' }, echo: '{"flag":true}' },
  },
  {
    name: 'a variable named as federation names its own',
    query: 'query ($representations: String) { item { second(text: $representations) } }',
    variables: { representations: 'mine' },
    data: { item: { second: '{"text":"mine","order":"ASC","flag":false}' } },
    stock: {
      data: { item: { second: null } },
      errors: [{ message: 'Variables cannot contain key "representations"' }],
      reason: 'it refuses the name',
    },
  },
  {
    name: 'a variable that the client sends and the operation does not declare is ignored',
    query: 'query ($text: String) { echo(text: $text) }',
    variables: { text: 'a', other: { any: 'thing' } },
    data: { echo: '{"text":"a"}' },
  },
  {
    name: 'a missing variable that is needed is refused',
    query: 'query ($id: ID!) { item(id: $id) { id } }',
    data: undefined,
    errors: [{ code: 'BAD_USER_INPUT', message: 'Variable "$id" of required type "ID!" was not provided.' }],
    calls: { first: 0 },
  },
  {
    name: 'a value of the wrong type deep inside is refused, with its place',
    query: 'query ($filter: Filter) { echo(filter: $filter) }',
    variables: { filter: { nested: { ranges: [[{ from: 'one' }]] } } },
    data: undefined,
    errors: [{ code: 'BAD_USER_INPUT', message: 'filter.nested.ranges[0][0].from' }],
    calls: { first: 0 },
  },
];
