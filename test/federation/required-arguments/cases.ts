import type { FederationCase } from '../support/describe-feature.ts';

const reason = 'its planner takes one value for all';

export const cases: readonly FederationCase[] = [
  {
    name: 'three fields require one with different arguments',
    query: '{ products { plain dollars francs } }',
    data: {
      products: [
        { plain: '1 eur', dollars: '1 usd', francs: '1 chf' },
        { plain: '2 eur', dollars: '2 usd', francs: '2 chf' },
      ],
    },
    calls: { catalogue: 1, shipping: 3 },
    stock: {
      data: {
        products: [
          { plain: '1 chf', dollars: '1 chf', francs: '1 chf' },
          { plain: '2 chf', dollars: '2 chf', francs: '2 chf' },
        ],
      },
      reason,
    },
  },
  {
    name: 'two that require the same value share a fetch',
    query: '{ products { dollars dollarsToo } }',
    data: {
      products: [
        { dollars: '1 usd', dollarsToo: '1 usd, outer eur' },
        { dollars: '2 usd', dollarsToo: '2 usd, outer eur' },
      ],
    },
    calls: { catalogue: 1, shipping: 1 },
  },
  {
    name: 'fields that require in chains, with different values at each step, beside the client’s own',
    query:
      'query ($currency: String!, $upper: Boolean!) { products { price(currency: $currency) loud quiet d: dollars(upper: $upper) plain } }',
    variables: { currency: 'YEN', upper: true },
    data: {
      products: [
        { price: '1 yen', loud: '1 USD, 1 chf', quiet: '1 usd, 1 chf', d: '1 USD', plain: '1 eur' },
        { price: '2 yen', loud: '2 USD, 2 chf', quiet: '2 usd, 2 chf', d: '2 USD', plain: '2 eur' },
      ],
    },
    stock: {
      data: {
        products: [
          { price: '1 yen', loud: '1 yen, 1 yen', quiet: '1 yen, 1 yen', d: '1 YEN', plain: '1 yen' },
          { price: '2 yen', loud: '2 yen, 2 yen', quiet: '2 yen, 2 yen', d: '2 YEN', plain: '2 yen' },
        ],
      },
      reason: 'its planner takes the client’s value for all',
    },
  },
  {
    name: 'a list that is required twice, of different lengths',
    query: '{ products { first firstTwo offers { from } } }',
    data: {
      products: [1, 2].map(() => ({
        first: 'a: a usd',
        firstTwo: 'a eur,b eur',
        offers: [{ from: 'a' }, { from: 'b' }, { from: 'c' }],
      })),
    },
    stock: {
      data: {
        products: [1, 2].map(() => ({
          first: 'a: a eur,b: b eur',
          firstTwo: 'a eur,b eur',
          offers: [{ from: 'a' }, { from: 'b' }],
        })),
      },
      reason,
    },
  },
  {
    name: 'values below objects and lists that are required',
    query: '{ products { boxes inner dollarsToo box { price(currency: "X") } } }',
    data: {
      products: [1, 2].map((id) => ({
        boxes: 'outer usd [first chf,,second chf]',
        inner: 'first eur,,second eur',
        dollarsToo: `${id} usd, outer eur`,
        box: { price: 'outer x' },
      })),
    },
    stock: {
      data: {
        products: [1, 2].map((id) => ({
          boxes: 'outer eur [first eur,,second eur]',
          inner: 'first eur,,second eur',
          dollarsToo: `${id} usd, outer eur`,
          box: { price: 'outer eur' },
        })),
      },
      reason,
    },
  },
  {
    name: 'a named fragment stands twice in the fetch for one value, and not in the one for the other',
    query: '{ products { label { ...L } again: label { ...L } plain } } fragment L on Label { text size }',
    data: {
      products: [
        { label: { text: '1 usd', size: 5 }, again: { text: '1 usd', size: 5 }, plain: '1 eur' },
        { label: { text: '2 usd', size: 5 }, again: { text: '2 usd', size: 5 }, plain: '2 eur' },
      ],
    },
    stock: {
      data: {
        products: [
          { label: { text: '1 eur', size: 5 }, again: { text: '1 eur', size: 5 }, plain: '1 eur' },
          { label: { text: '2 eur', size: 5 }, again: { text: '2 eur', size: 5 }, plain: '2 eur' },
        ],
      },
      reason,
    },
  },
];
