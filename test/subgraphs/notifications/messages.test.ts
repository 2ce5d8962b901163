import { describe, expect, it } from '@jest/globals';
import { CANCELLED_MESSAGE, placedMessage } from '../../../subgraphs/notifications/messages.ts';

describe('the messages to people', () => {
  it('counts the items of all lines of a placed order', () => {
    const lines = [{ quantity: 2 }, { quantity: 1 }];
    expect(placedMessage({ lines, total: '29.90', currency: 'EUR' })).toBe(
      'Your order of 3 items for 29.90 EUR has been placed.',
    );
  });

  it('speaks of one item in the singular', () => {
    expect(placedMessage({ lines: [{ quantity: 1 }], total: '12.50', currency: 'EUR' })).toBe(
      'Your order of 1 item for 12.50 EUR has been placed.',
    );
  });

  it('says that an order was cancelled', () => {
    expect(CANCELLED_MESSAGE).toBe('Your order has been cancelled.');
  });
});
