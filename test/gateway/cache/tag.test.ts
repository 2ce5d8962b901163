import { describe, expect, it } from '@jest/globals';
import {
  ANY_ENTITY,
  ANY_TYPE,
  boundTags,
  entityTag,
  toPurgeTags,
  toTagText,
  typeTag,
  unkeyedTag,
} from '../../../gateway/cache/tag.ts';
import { toTagged } from '../../../gateway/cache/tag-set.ts';

describe('what a purge sets', () => {
  it('is what answers carry of the subgraph, the type, the entity and the tag', () => {
    expect(toPurgeTags({ kind: 'subgraph', subgraph: 'orders' })).toEqual(['subgraph:orders']);
    expect(toPurgeTags({ kind: 'type', type: 'Order' })).toEqual([typeTag('Order'), ANY_TYPE]);
    expect(toPurgeTags({ kind: 'type', subgraph: 'orders', type: 'Order' })).toEqual([
      typeTag('Order', 'orders'),
      ANY_TYPE,
    ]);
    expect(toPurgeTags({ kind: 'tag', tag: 'a:b' })).toEqual(['tag:a:b']);
    expect(toPurgeTags({ kind: 'entity', subgraph: 'orders', type: 'Order', key: { id: '7' } })).toEqual([
      'entity:Order:id:["7"]',
      'unkeyed:Order:id',
      ANY_ENTITY,
    ]);
  });

  it('does not depend on the order of a key’s fields, nor on whether an id is text or a number', () => {
    const tag = 'entity:T:a.b,a.c,z:["1","true","x"]';
    expect(toPurgeTags({ kind: 'entity', type: 'T', key: { z: 'x', a: { c: true, b: 1 } } })).toContain(tag);
    expect(toPurgeTags({ kind: 'entity', type: 'T', key: { a: { b: '1', c: true }, z: 'x' } })).toContain(tag);
  });

  it('tells values apart that would be one text when put together', () => {
    const tags = [
      ['a","b', 'c'],
      ['a', 'b","c'],
      ['a', 'b'],
      ['a,b', ''],
    ].map((values) => entityTag('T', 'x,y', values));
    expect(new Set(tags).size).toBe(4);
  });

  it('is short, however long the values are', () => {
    const tags = ['a', 'b'].map((end) => entityTag('T', 'id', ['x'.repeat(10_000) + end]));
    expect(tags[0]).not.toBe(tags[1]);
    expect(Math.max(...tags.map((tag) => tag.length))).toBeLessThan(100);
  });
});

describe('a value in a tag', () => {
  it('is its text, with all digits of a number', () => {
    expect(['a', '', 7, 1.5, true].map(toTagText)).toEqual(['a', '', '7', '1.5', 'true']);
    expect(toTagText(JSON.rawJSON('9007199254740993'))).toBe('9007199254740993');
  });

  it('is nothing when it is no scalar', () => {
    expect([null, undefined, [], {}, () => 1].map(toTagText)).toEqual(Array(5).fill(undefined));
  });
});

describe('too many tags', () => {
  const entities = Array.from({ length: 20 }, (_, index) =>
    entityTag(index % 2 === 0 ? 'A' : 'B', 'id', [String(index)]),
  );
  const bound = (tags: readonly string[], most: number) => {
    const { tags: left, isExcessive } = boundTags(toTagged(tags), most);
    return { left: [...left].sort(), isExcessive };
  };

  it('stay as they are within the bound', () => {
    expect(bound(entities, 20)).toEqual({ left: [...entities].sort(), isExcessive: false });
  });

  it('give way to those of any such entity, then of any type, and nothing else does', () => {
    const others = [typeTag('A', 's'), typeTag('A'), 'subgraph:s', 'tag:entity:x'];
    expect(bound([...entities, ...others], 10)).toEqual({
      left: [...others, unkeyedTag('A', 'id'), unkeyedTag('B', 'id')].sort(),
      isExcessive: false,
    });
    expect(bound([...entities, ...others], 4)).toEqual({
      left: [ANY_ENTITY, ANY_TYPE, 'subgraph:s', 'tag:entity:x'].sort(),
      isExcessive: false,
    });
  });

  it('are told when they are those of a subgraph, which nothing stands for', () => {
    expect(bound(['tag:a', 'tag:b', 'tag:c'], 2)).toEqual({ left: ['tag:a', 'tag:b', 'tag:c'], isExcessive: true });
  });

  it('are set by the same purges as before', () => {
    const purge = toPurgeTags({ kind: 'entity', type: 'A', key: { id: '4' } });
    for (const most of [100, 10, 1]) {
      const { tags } = boundTags(toTagged(entities), most);
      expect(tags.some((tag) => purge.includes(tag))).toBe(true);
    }
  });
});
