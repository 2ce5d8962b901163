import type { TestSubgraph } from '../support/subgraph.ts';

/** Fields are on their way from the monolith to billing, each behind a label; both say who answers. */

const FIELDS = ['none', 'all', 'flagged', 'other'] as const;

export const monolith: TestSubgraph = {
  name: 'monolith',
  sdl: `
    type Query { bills: [Bill!]! root: String }
    type Mutation { pay: String }
    interface Named { name: String }
    type Bill implements Named @key(fields: "id") {
      id: ID!
      name: String
      note: String
      none: String
      all: String
      flagged: String
      other: String
      half: String
      lines: [Line!]
    }
    type Line { text: String }
  `,
  resolvers: {
    Query: { bills: () => [{ id: '1' }, { id: '2' }], root: () => 'monolith' },
    Mutation: { pay: () => 'monolith' },
    Bill: {
      __resolveReference: ({ id }: { readonly id: string }) => ({ id }),
      note: () => 'monolith',
      ...answers('monolith'),
    },
  },
};

export const billing: TestSubgraph = {
  name: 'billing',
  sdl: `
    type Query { root: String @override(from: "monolith", label: "billing/flag") }
    type Mutation { pay: String @override(from: "monolith", label: "billing/flag") }
    type Bill @key(fields: "id") {
      id: ID!
      name: String @override(from: "monolith", label: "billing/flag")
      none: String @override(from: "monolith", label: "percent(0)")
      all: String @override(from: "monolith", label: "percent(100)")
      flagged: String @override(from: "monolith", label: "billing/flag")
      other: String @override(from: "monolith", label: "other-flag")
      half: String @override(from: "monolith", label: "percent(50)")
      lines: [Line!] @override(from: "monolith", label: "percent(100)")
    }
    type Line { text: String @override(from: "monolith", label: "percent(100)") }
  `,
  resolvers: {
    Query: { root: () => 'billing' },
    Mutation: { pay: () => 'billing' },
    Bill: { __resolveReference: ({ id }: { readonly id: string }) => ({ id }), ...answers('billing') },
  },
};

function answers(who: string) {
  const fields = ['name', 'half', ...FIELDS].map((name) => [name, () => who] as const);
  return { ...Object.fromEntries(fields), lines: () => [{ text: who }] };
}
