import type { TestSubgraph } from '../support/subgraph.ts';

/** Shipping requires fields of the catalogue with arguments, the same ones with different arguments, at several depths. */

interface Money {
  readonly currency: string;
}

interface Price {
  readonly price: string;
}

const products = [{ id: '1' }, { id: '2' }];
const pricesOf = (items: readonly (Price | null)[]) => items.map((item) => item?.price).join();
const price = ({ currency }: Money) => currency.toLowerCase();

export const catalogue: TestSubgraph = {
  name: 'catalogue',
  sdl: `
    type Query { products: [Product!]! }
    type Product @key(fields: "id") {
      id: ID!
      price(currency: String! = "EUR"): String
      offers(most: Int): [Offer!]!
      box: Box!
    }
    type Offer @shareable { from: String! price(currency: String! = "EUR"): String }
    type Box @shareable { price(currency: String! = "EUR"): String inner: [Box] }
  `,
  resolvers: {
    Query: { products: () => products },
    Product: {
      __resolveReference: ({ id }: { id: string }) => products.find((product) => product.id === id),
      price: ({ id }: { id: string }, money: Money) => `${id} ${price(money)}`,
      offers: (_: unknown, { most = 3 }: { most?: number }) =>
        [{ from: 'a' }, { from: 'b' }, { from: 'c' }].slice(0, most),
      box: () => ({ name: 'outer', inner: [{ name: 'first' }, null, { name: 'second' }] }),
    },
    Offer: { price: ({ from }: { from: string }, money: Money) => `${from} ${price(money)}` },
    Box: { price: ({ name }: { name: string }, money: Money) => `${name} ${price(money)}` },
  },
};

export const shipping: TestSubgraph = {
  name: 'shipping',
  sdl: `
    type Product @key(fields: "id") {
      id: ID!
      price(currency: String! = "EUR"): String @external
      offers(most: Int): [Offer!]! @external
      box: Box! @external
      plain: String @requires(fields: "price")
      dollars(upper: Boolean = false): String @requires(fields: "price(currency: \\"USD\\")")
      francs: String @requires(fields: "price(currency: \\"CHF\\")")
      dollarsToo: String @requires(fields: "price(currency: \\"USD\\") box { price }")
      first: String @requires(fields: "offers(most: 1) { from price(currency: \\"USD\\") }")
      firstTwo: String @requires(fields: "offers(most: 2) { price }")
      boxes: String @requires(fields: "box { price(currency: \\"USD\\") inner { price(currency: \\"CHF\\") } }")
      inner: String @requires(fields: "box { inner { price } }")
      label: Label @requires(fields: "price(currency: \\"USD\\")")
    }
    type Label { text: String size: Int }
    type Offer @shareable { from: String! price(currency: String! = "EUR"): String }
    type Box @shareable { price(currency: String! = "EUR"): String inner: [Box] }
  `,
  resolvers: {
    Product: {
      __resolveReference: (reference: object) => reference,
      plain: ({ price: value }: Price) => value,
      dollars: ({ price: value }: Price, { upper }: { upper: boolean }) => (upper ? value.toUpperCase() : value),
      francs: ({ price: value }: Price) => value,
      dollarsToo: ({ price: value, box }: Price & { box: Price }) => `${value}, ${box.price}`,
      first: ({ offers }: { offers: (Price & { from: string })[] }) =>
        offers.map((offer) => `${offer.from}: ${offer.price}`).join(),
      firstTwo: ({ offers }: { offers: Price[] }) => pricesOf(offers),
      boxes: ({ box }: { box: Price & { inner: Price[] } }) => `${box.price} [${pricesOf(box.inner)}]`,
      inner: ({ box }: { box: { inner: Price[] } }) => pricesOf(box.inner),
      label: (product: Price) => product,
    },
    Label: { text: ({ price: value }: Price) => value, size: ({ price: value }: Price) => value.length },
  },
};

export const invoices: TestSubgraph = {
  name: 'invoices',
  sdl: `
    type Product @key(fields: "id") {
      id: ID!
      dollars(upper: Boolean = false): String @external
      francs: String @external
      loud: String @requires(fields: "dollars(upper: true) francs")
      quiet: String @requires(fields: "dollars francs")
    }
  `,
  resolvers: {
    Product: {
      __resolveReference: (reference: object) => reference,
      loud: ({ dollars, francs }: { dollars: string; francs: string }) => `${dollars}, ${francs}`,
      quiet: ({ dollars, francs }: { dollars: string; francs: string }) => `${dollars}, ${francs}`,
    },
  },
};
