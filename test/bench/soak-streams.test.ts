import { describe, expect, it } from '@jest/globals';
import { createStreams } from './soak-streams.ts';

const W2 = '{"data":{"customer":{"name":"Ada","email":"a@b.c","orders":[]}}}';
const known = { w1: ['{"data":{"a":1}}', '{"data":{"a":2}}'], w2: [W2], people: ['p'], wider: ['w'] };

describe('the streams of the soak with everything on', () => {
  const streams = createStreams(known);

  it('each have a name of their own, and answers that are known unless they come once or will not wait', () => {
    const all = streams(1, 10);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    const unchecked = all.filter(({ expected, isHostile }) => expected === undefined && isHostile !== true);
    expect(unchecked.map(({ name, isOnce }) => [name, isOnce])).toEqual([['cold', true]]);
  });

  it('ask a route for what the operation asks for, without the words of GraphQL', () => {
    const route = streams(1, 10).find(({ name }) => name === 'a route of an operation');
    expect(route).toMatchObject({
      path: '/api/customer',
      method: 'GET',
      expected: ['{"name":"Ada","email":"a@b.c","orders":[]}'],
    });
  });

  it('have other operations that come once in each slice', () => {
    const [one, other] = [1, 2].map((number) => streams(number, 10).at(-1)?.queries ?? []);
    expect(one?.some((query) => other?.includes(query))).toBe(false);
  });
});
