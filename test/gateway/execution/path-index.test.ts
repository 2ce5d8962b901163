import { describe, expect, it } from '@jest/globals';
import { createPathIndex } from '../../../gateway/execution/path-index.ts';

describe('an index of paths', () => {
  it.each<[path: readonly (string | number)[], expected: boolean, what: string]>([
    [['a', 0, 'b'], true, 'the same'],
    [['a', 0], true, 'one below it'],
    [['a', 0, 'b', 'c'], true, 'one above it'],
    [['a', 1], false, 'a sibling only'],
    [['b'], false, 'none'],
    [[], true, 'all, for the root'],
  ])('says that %j touches a path: %p (%s)', (path, expected) => {
    expect(createPathIndex([['a', 0, 'b']]).touches(path)).toBe(expected);
  });

  it('takes an error without a place for one of everything', () => {
    const index = createPathIndex([]);
    expect(index.touches(['a'])).toBe(false);
    index.add([]);
    expect(index.touches(['a'])).toBe(true);
  });
});
