import type { FederationCase } from '../support/describe-feature.ts';

const lang = (value: string | null) => ({ greeting: JSON.stringify({ lang: value }) });

export const cases: readonly FederationCase[] = [
  {
    name: 'an argument comes from an object two levels above',
    query: '{ user(id: "u1") { account { statement { greeting } } } }',
    data: { user: { account: { statement: lang('de') } } },
  },
  {
    name: 'what it comes from is not shown, unless it is asked for',
    query: '{ user(id: "u1") { locale account { statement { id greeting } } } }',
    data: { user: { locale: 'de', account: { statement: { id: 's-shared', ...lang('de') } } } },
  },
  {
    name: 'the same entity gets its argument from where it is, in a list with a null',
    query: '{ users { account { statement { greeting } } } }',
    data: {
      users: [
        { account: { statement: lang('de') } },
        null,
        { account: { statement: lang('fr') } },
        { account: { statement: lang(null) } },
      ],
    },
  },
  {
    name: 'through lists of lists with nulls',
    query: '{ users { accounts { statement { greeting } } } }',
    data: {
      users: ['de', null, 'fr', null].map((value, index) =>
        index === 1 ? null : { accounts: [[{ statement: lang(value) }, null], null, [{ statement: lang(value) }]] },
      ),
    },
  },
  {
    name: 'beside an argument of the client, literally and by a variable, under aliases',
    query:
      'query ($polite: Boolean) { user(id: "u2") { account { statement { a: greeting(polite: true) b: greeting(polite: $polite) greeting } } } }',
    variables: { polite: false },
    data: {
      user: {
        account: {
          statement: { a: '{"lang":"fr","polite":true}', b: '{"lang":"fr","polite":false}', greeting: '{"lang":"fr"}' },
        },
      },
    },
  },
  {
    name: 'from a field inside an object, also when that object is null',
    query: '{ users { account { statement { limit } } } }',
    data: {
      users: [
        { account: { statement: { limit: '{"amount":10}' } } },
        null,
        { account: { statement: { limit: '{"amount":20}' } } },
        { account: { statement: { limit: '{"amount":null}' } } },
      ],
    },
  },
  {
    name: 'one context that several types set, each by a field of its own',
    query: '{ company { account { place { name } } } user(id: "u1") { account { place { name } } } }',
    data: {
      company: { account: { place: { name: '{"of":"NL"}' } } },
      user: { account: { place: { name: '{"of":"de"}' } } },
    },
  },
  {
    name: 'from the members of a union',
    query: '{ owners { ... on User { account { place { name } } } ... on Company { account { place { name } } } } }',
    data: {
      owners: [{ account: { place: { name: '{"of":"NL"}' } } }, { account: { place: { name: '{"of":"de"}' } } }],
    },
  },
  {
    name: 'the nearest object that sets the context counts',
    query: '{ company { boss { account { place { name } statement { greeting } } } } }',
    data: { company: { boss: { account: { place: { name: '{"of":"fr"}' }, statement: lang('fr') } } } },
  },
  {
    name: 'below an entity that came from another subgraph',
    query: '{ friends { name account { statement { greeting } } } }',
    data: {
      friends: [
        { name: 'name u2', account: { statement: lang('fr') } },
        { name: 'name u1', account: { statement: lang('de') } },
      ],
    },
  },
  {
    name: 'under aliases on the whole way',
    query: '{ u: user(id: "u1") { a: account { s: statement { g: greeting } } } }',
    data: { u: { a: { s: { g: '{"lang":"de"}' } } } },
  },
  {
    name: 'when the client gives the name of the field it comes from to another',
    query: '{ user(id: "u1") { locale: id account { statement { greeting } } } }',
    data: { user: { locale: 'u1', account: { statement: lang('de') } } },
  },
  {
    name: 'when the client asks for it under another name',
    query: '{ user(id: "u1") { language: locale account { statement { greeting } } } }',
    data: { user: { language: 'de', account: { statement: lang('de') } } },
  },
  {
    name: 'two of them at once, of fields with different contexts',
    query: '{ users { account { statement { greeting limit } place { name } } } }',
    data: {
      users: (
        [
          ['de', 10],
          [null, null],
          ['fr', 20],
          [null, null],
        ] as const
      ).map(([language, amount], index) =>
        index === 1
          ? null
          : {
              account: {
                statement: { ...lang(language), limit: JSON.stringify({ amount }) },
                place: { name: JSON.stringify({ of: language }) },
              },
            },
      ),
    },
  },
];
