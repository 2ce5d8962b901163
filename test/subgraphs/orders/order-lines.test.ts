import { describe, expect, it } from '@jest/globals';
import { demoId } from '../../../subgraphs/demo.ts';
import { readLines, toOrderId } from '../../../subgraphs/orders/order-lines.ts';

const GEAR = demoId('product', 1);
const AXLE = demoId('product', 2);

describe('the lines of an order', () => {
  it('are the same for the same order in other words', () => {
    const expected = [
      { productId: GEAR, quantity: 3 },
      { productId: AXLE, quantity: 1 },
    ];
    const wanted = [
      { productId: AXLE, quantity: 1 },
      { productId: GEAR.toUpperCase(), quantity: 1 },
      { productId: GEAR, quantity: 2 },
    ];
    expect(readLines(wanted)).toEqual(expected);
    expect(readLines(expected)).toEqual(expected);
  });
});

describe('the id of an order', () => {
  const ada = demoId('user', 1);

  it('is a UUID of version 8, made of the user and the key', () => {
    expect(toOrderId(ada, 'first')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(toOrderId(ada, 'first')).toBe(toOrderId(ada, 'first'));
    expect(toOrderId(ada.toUpperCase(), 'first')).toBe(toOrderId(ada, 'first'));
  });

  it('is another for another key or user, however they are put together', () => {
    const ids = [
      [ada, 'first'],
      [ada, 'First'],
      [demoId('user', 2), 'first'],
      [`${ada}","f`, 'irst'],
    ].map(([user = '', key = '']) => toOrderId(user, key));
    expect(new Set(ids).size).toBe(4);
  });
});
