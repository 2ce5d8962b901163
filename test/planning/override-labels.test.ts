import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { collectOverrideLabels, relevantLabels } from '../../planning/override-labels.ts';

const SUPERGRAPH = parse(`
  type Query { bill: Bill @join__field(graph: MONOLITH) }
  interface Payable @join__type(graph: MONOLITH) {
    due: Int @join__field(graph: MONOLITH, overrideLabel: "payable")
  }
  type Bill @join__type(graph: MONOLITH, key: "id") @join__type(graph: BILLING, key: "id") {
    id: ID!
    amount: Int @join__field(graph: MONOLITH, overrideLabel: "percent(25)") @join__field(graph: BILLING, override: "monolith", overrideLabel: "percent(25)")
    total: Int @join__field(graph: BILLING, override: "monolith", overrideLabel: "percent(25)")
    currency: String @join__field(graph: BILLING, override: "monolith")
    paid: Boolean @join__field(graph: BILLING, override: "monolith", overrideLabel: "a-flag")
  }
`);

describe('the labels of a supergraph', () => {
  it('are those of its fields, each once, in alphabetical order', () => {
    expect([...collectOverrideLabels(SUPERGRAPH)]).toEqual([
      ['a-flag', new Set(['paid'])],
      ['payable', new Set(['due'])],
      ['percent(25)', new Set(['amount', 'total'])],
    ]);
  });

  it('are none where nothing is overridden, or everything for good', () => {
    const text = 'type Query { a: Int @join__field(graph: A, override: "b") } scalar S enum E { A }';
    expect(collectOverrideLabels(parse(text)).size).toBe(0);
  });
});

describe('the labels that an operation can meet', () => {
  const labels = collectOverrideLabels(SUPERGRAPH);
  const relevant = (query: string, addable: readonly string[] = ['id']) =>
    relevantLabels(labels, parse(query), new Set(addable));

  it('are those of the fields that it mentions, also under another name and in a fragment', () => {
    expect(relevant('{ bill { other: total } }')).toEqual(['percent(25)']);
    expect(relevant('{ bill { ...F } } fragment F on Bill { paid ... on Payable { due } }')).toEqual([
      'a-flag',
      'payable',
    ]);
  });

  it('are none where it mentions no such field', () => {
    expect(relevant('{ amount: bill { id paid: currency } }')).toEqual([]);
  });

  it('are also those of fields that the planner may add', () => {
    expect(relevant('{ bill { currency } }', ['id', 'paid'])).toEqual(['a-flag']);
  });
});
