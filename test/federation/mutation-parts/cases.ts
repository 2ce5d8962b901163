import type { FederationCase } from '../support/describe-feature.ts';

const reason = 'its planner asks for the class before the warranty is there';
const price = (weight: number, warranty = 'warranty of grade 7') => `${weight} of class of ${warranty}`;
const label = 'motor 7, noise 14';

export const cases: readonly FederationCase[] = [
  {
    name: 'is called once',
    query: 'mutation { assemble { number price label } }',
    data: { assemble: { number: 1, price: price(10), label } },
    stock: { data: { assemble: { number: 1, price: price(10, 'undefined'), label } }, reason },
  },
  {
    name: 'is called once for each key, the second time when all of the first is there',
    query:
      'mutation { one: assemble { number price } two: assemble { label price } ... on Mutation { one: assemble { label } } }',
    data: { one: { number: 1, price: price(10), label }, two: { label, price: price(20) } },
    stock: {
      data: { one: { number: 1, price: price(20, 'undefined'), label }, two: { label, price: price(20, 'undefined') } },
      reason: `${reason}, and calls both at once`,
    },
  },
  {
    name: 'comes when all of the one before is there, also where fields are put in order',
    query: 'mutation { assemble { number price } order { price } }',
    data: { assemble: { number: 1, price: price(10) }, order: { price: price(20) } },
    stock: {
      data: {
        assemble: { number: 1, price: price(10, 'undefined') },
        order: { price: price(20, 'warranty of grade null') },
      },
      reason,
    },
  },
];
