import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { readFirst, readPage, toConnection } from '../../subgraphs/connection.ts';

const key = z.tuple([z.string(), z.int()]);
const badInput = (argument: string) => ({ extensions: { code: 'BAD_USER_INPUT', argument } });

/** What `act` throws. */
function thrownBy(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

describe('a page', () => {
  it('has twenty rows from the beginning, unless something else is asked for', () => {
    expect(readPage({}, key)).toEqual({ first: 20, after: undefined });
    expect(readPage({ first: null, after: null }, key, { usual: 5 })).toEqual({ first: 5, after: undefined });
    expect(readPage({ first: 7 }, key)).toEqual({ first: 7, after: undefined });
  });

  it.each([0, -1, 101, 1.5, Number.NaN])('cannot have %p rows', (first) => {
    expect(thrownBy(() => readPage({ first }, key))).toMatchObject(badInput('first'));
    expect(thrownBy(() => readFirst({ first }))).toMatchObject(badInput('first'));
  });

  it.each(['', '%', 'nonsense', Buffer.from('{}').toString('base64url'), Buffer.from('["a"]').toString('base64url')])(
    'cannot begin after %p, which is no cursor of its list',
    (after) => {
      expect(thrownBy(() => readPage({ after }, key))).toMatchObject(badInput('after'));
    },
  );
});

describe('a connection', () => {
  const rows = [
    { name: 'é/+?', number: 1 },
    { name: 'b', number: 2 },
    { name: 'c', number: 3 },
  ];
  const keyOf = ({ name, number }: { name: string; number: number }) => [name, number];

  it('shows as many rows as were asked for, and knows by one more that there is a next page', () => {
    const { edges, pageInfo } = toConnection(rows, { first: 2, after: undefined }, keyOf);
    expect(edges.map(({ node }) => node)).toEqual(rows.slice(0, 2));
    expect(pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: edges[0]?.cursor,
      endCursor: edges[1]?.cursor,
    });
  });

  it('ends where there is nothing more', () => {
    const { pageInfo } = toConnection(rows, { first: 3, after: ['a', 0] }, keyOf);
    expect(pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    expect(toConnection([], { first: 3, after: undefined }, keyOf)).toEqual({
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  it('gives cursors that fit into an address, and are read back as the key', () => {
    const { edges } = toConnection(rows, { first: 1, after: undefined }, keyOf);
    const cursor = edges[0]?.cursor ?? '';
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(readPage({ after: cursor }, key).after).toEqual(['é/+?', 1]);
  });
});
