import { describe, expect, it } from '@jest/globals';
import { readInvalidatedData, readInvalidations } from '../../service/invalidation.ts';

describe('a list of invalidations', () => {
  it('is read as it is, of each kind', () => {
    const list = [
      { kind: 'subgraph', subgraph: 'orders' },
      { kind: 'type', type: 'Product' },
      { kind: 'type', subgraph: 'products', type: 'Product' },
      { kind: 'entity', type: 'Product', key: { id: '1' } },
      { kind: 'entity', subgraph: 'a', type: 'T', key: { id: 7, isOld: false, org: { id: 'x' } } },
      { kind: 'tag', tag: 'orders-user-1' },
    ];
    expect(readInvalidations(list)).toEqual(list);
    expect(readInvalidatedData({ invalidations: list })).toEqual(list);
    expect(readInvalidations([])).toEqual([]);
  });

  it.each<[unknown, string]>([
    [undefined, 'This must be a list: [{ "kind": "tag", "tag": "…" }, …].'],
    [{ kind: 'tag', tag: 'a' }, 'This must be a list: [{ "kind": "tag", "tag": "…" }, …].'],
    [['tag'], 'Item 0 has no kind; the kinds are subgraph, type, entity, tag.'],
    [[null], 'Item 0 has no kind; the kinds are subgraph, type, entity, tag.'],
    [[{ kind: 5 }], 'Item 0 has an unknown kind, 5; the kinds are subgraph, type, entity, tag.'],
    [
      [{ kind: 'constructor' }],
      'Item 0 has an unknown kind, "constructor"; the kinds are subgraph, type, entity, tag.',
    ],
    [
      [
        { kind: 'tag', tag: 'a' },
        { kind: 'tags', tag: 'a' },
      ],
      'Item 1 has an unknown kind, "tags"; the kinds are subgraph, type, entity, tag.',
    ],
    [[{ kind: 'tag' }], 'Item 0: tag is missing.'],
    [[{ kind: 'tag', tag: '' }], 'Item 0: tag must not be empty.'],
    [[{ kind: 'tag', tag: ['a'] }], 'Item 0: tag must be text.'],
    [[{ kind: 'tag', tag: 'a'.repeat(1_001) }], 'Item 0: tag must have at most 1000 characters.'],
    [
      [{ kind: 'subgraph', name: 'a' }],
      'Item 0: subgraph is missing; name cannot be there; the fields of kind "subgraph" are kind, subgraph.',
    ],
    [
      [{ kind: 'type', type: 'T', subgrpah: 'a' }],
      'Item 0: subgrpah cannot be there; the fields of kind "type" are kind, subgraph, type.',
    ],
    [[{ kind: 'entity', type: 'T' }], 'Item 0: key is missing.'],
    [[{ kind: 'entity', type: 'T', key: '1' }], 'Item 0: key must be an object: the fields of a key and their values.'],
    [[{ kind: 'entity', type: 'T', key: {} }], 'Item 0: key must have the fields of a key.'],
    [
      [{ kind: 'entity', type: 'T', key: { id: null } }],
      'Item 0: key.id must be text, a number, true, false, or an object of these.',
    ],
    [
      [{ kind: 'entity', type: 'T', key: { org: { id: [] } } }],
      'Item 0: key.org must be text, a number, true, false, or an object of these.',
    ],
    [Array(1_001).fill({ kind: 'tag', tag: 'a' }), 'The list must have at most 1000 items.'],
  ])('is refused when it is %j', (list, message) => {
    expect(() => readInvalidations(list)).toThrow(message);
  });

  it('is refused where an event has none', () => {
    for (const data of [null, undefined, 'x', {}, { invalidations: 1 }])
      expect(() => readInvalidatedData(data)).toThrow('This must be a list');
  });
});
