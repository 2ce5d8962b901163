import { describe, expect, it } from '@jest/globals';
import { type AnswerTags, createAnswerTags } from '../../../gateway/cache/answer-tags.ts';
import { toPurgeTags } from '../../../gateway/cache/tag.ts';
import type { Invalidation } from '../../../service/invalidation.ts';
import { type Asked, answer, findTags, rules, schema } from './tag-graph.ts';

const ENTITIES = 'query ($representations: [_Any!]!) { _entities(representations: $representations)';

async function tagsOf(asked: Asked, extensions?: unknown): Promise<AnswerTags> {
  const { node, answer: given } = await answer(asked);
  return findTags(node, { ...given, extensions });
}

const ofRoot = async (query: string, variables: Record<string, unknown> = {}) =>
  (await tagsOf({ subgraph: 'catalog', query, variables })).shared.tags;

/** Besides those of types. */
const ofThings = async (query: string, variables?: Record<string, unknown>) =>
  (await ofRoot(query, variables)).filter((tag) => !/^(type|subgraph):/.test(tag)).sort();

const isVoid = (tags: readonly string[], invalidation: Invalidation) =>
  toPurgeTags(invalidation).some((tag) => tags.includes(tag));

describe('the tags of an answer to fields of Query', () => {
  it('are its subgraph, the types that can be in it, also when none is, and the entities by their keys', async () => {
    const types = (...names: string[]) => names.flatMap((name) => [`type:catalog:${name}`, `type::${name}`]);
    expect([...(await ofRoot('{ me { id name } }'))].sort()).toEqual(
      ['subgraph:catalog', ...types('Query', 'Person', 'Subject'), 'entity:Person:id:["1"]', 'tag:person-1'].sort(),
    );
    expect([...(await ofRoot('{ search { __typename } }'))].sort()).toEqual(
      expect.arrayContaining(types('Query', 'Result', 'Book', 'Film', 'Person', 'Item')),
    );
    expect(await ofRoot('{ items(first: 0) { id } }')).toEqual(expect.arrayContaining(types('Item', 'Book', 'Film')));
  });

  it('are those of an interface for what implements it, and the other way round', async () => {
    const tags = await ofRoot('{ book(isbn: "b1") { id isbn } }');
    expect(isVoid(tags, { kind: 'entity', type: 'Item', key: { id: '1' } })).toBe(true);
    expect(isVoid(tags, { kind: 'entity', type: 'Item', key: { id: '2' } })).toBe(false);
    expect(isVoid(tags, { kind: 'type', type: 'Item' })).toBe(true);
    expect(isVoid(tags, { kind: 'type', type: 'Film' })).toBe(false);
  });

  it('are those of any entity of the type for the keys that were not asked for', async () => {
    expect(await ofThings('{ me { name } }')).toEqual(['unkeyed:Person:id']);
    expect(await ofThings('{ book(isbn: "b1") { id } }')).toEqual(
      ['entity:Book:id:["1"]', 'entity:Item:id:["1"]', 'tag:isbn-b1', 'unkeyed:Book:isbn'].sort(),
    );
  });

  it('find a key under another name, and take no other field for it', async () => {
    expect(await ofThings('{ me { number: id id: name } }')).toContain('entity:Person:id:["1"]');
    expect(await ofThings('{ me { id: name } }')).toEqual(['unkeyed:Person:id']);
  });

  it('find keys of several fields, below others and in fragments', async () => {
    const query = '{ items { ... on Film { c: code ...In } } } fragment In on Film { region { name id } }';
    expect(await ofThings(query)).toContain('entity:Film:code,region.id:["7","2"]');
  });

  it('are those of any entity of the type where the values of a key are not there', async () => {
    const tags = await ofThings('query ($no: Boolean = false) { me { id @include(if: $no) name } }');
    expect(tags).toEqual(['unkeyed:Person:id']);
  });

  it('are those of all entities where an object does not say its type, or an unknown one', async () => {
    const { node, answer: given } = await answer({ subgraph: 'catalog', query: '{ items { id } }' });
    for (const item of [{ id: '1' }, { __typename: 'Car', id: '1' }]) {
      const { shared } = findTags(node, { ...given, data: { items: [item] } });
      expect(isVoid(shared.tags, { kind: 'entity', type: 'Person', key: { id: 'x' } })).toBe(true);
    }
  });

  it('are what a format makes of the arguments: of the text, of variables, of defaults', async () => {
    expect(await ofThings('{ item(id: 3) { __typename } }')).toContain('tag:item-3');
    expect(await ofThings('{ item { __typename } }')).toContain('tag:item-1');
    expect(await ofThings('query ($id: ID!) { item(id: $id) { __typename } }', { id: 'x' })).toContain('tag:item-x');
    expect(await ofThings('query ($id: ID = 7) { item(id: $id) { __typename } }')).toContain('tag:item-7');
    expect(await ofThings('query ($id: ID) { item(id: $id) { __typename } }')).toContain('tag:item-1');
    expect(
      await ofThings(
        '{ a: item(id: "a") { __typename } again { b: item(id: "b") { __typename } items { __typename } } }',
      ),
    ).toEqual(expect.arrayContaining(['tag:item-a', 'tag:item-b', 'tag:items']));
  });

  it('are told of the formats that made none', async () => {
    const unformed = async (query: string, variables = {}) =>
      (await tagsOf({ subgraph: 'catalog', query, variables })).unformed;
    expect(await unformed('{ book { isbn } }')).toEqual(['isbn-{$args.isbn}']);
    expect(await unformed('{ book(isbn: null) { isbn } }')).toEqual(['isbn-{$args.isbn}']);
    expect(await unformed('query ($i: ID) { book(isbn: $i) { isbn } }', { i: null })).toEqual(['isbn-{$args.isbn}']);
    expect(await unformed('{ me { name } }')).toEqual(['person-{$key.id}']);
    expect(await unformed('{ me { id } }')).toEqual([]);
  });
});

describe('the tags of entities', () => {
  const batch = async (selection: string, representations: Asked['representations'], extensions?: unknown) =>
    tagsOf(
      { subgraph: 'catalog', query: `${ENTITIES} { ${selection} } }`, representations: representations ?? [] },
      extensions,
    );

  it('are each one’s own, by the key that was sent and by those that came', async () => {
    const { shared, entities } = await batch('... on Book { isbn title }', [
      { __typename: 'Book', id: '1' },
      { __typename: 'Book', isbn: 'b2' },
      { __typename: 'Book', id: 'none' },
    ]);
    expect([...shared.tags].sort()).toEqual(
      [
        'subgraph:catalog',
        ...['Book', 'Item', 'Subject'].flatMap((name) => [`type:catalog:${name}`, `type::${name}`]),
      ].sort(),
    );
    expect(entities?.map(({ tags }) => [...tags].sort())).toEqual([
      ['entity:Book:id:["1"]', 'entity:Book:isbn:["b1"]', 'entity:Item:id:["1"]', 'tag:isbn-b1'],
      ['entity:Book:isbn:["b2"]', 'tag:isbn-b2', 'unkeyed:Book:id', 'unkeyed:Item:id'],
      ['entity:Book:id:["none"]', 'entity:Item:id:["none"]', 'unkeyed:Book:isbn'],
    ]);
  });

  it('are both where a subgraph finds an entity by a key in another spelling', async () => {
    const { node, answer: given } = await answer({
      subgraph: 'catalog',
      query: `${ENTITIES} { ... on Person { id } } }`,
      representations: [{ __typename: 'Person', id: '1' }],
    });
    const { entities } = findTags(node, { ...given, data: { _entities: [{ id: 'ONE' }] } });
    expect(entities?.[0]?.tags).toEqual(expect.arrayContaining(['entity:Person:id:["1"]', 'entity:Person:id:["ONE"]']));
  });

  it('have with them what stands inside', async () => {
    const { entities } = await batch('... on Person { works { id } related { ... on Person { id } } }', [
      { __typename: 'Person', id: '1' },
    ]);
    expect(entities?.[0]?.tags).toEqual(expect.arrayContaining(['entity:Item:id:["1"]', 'entity:Person:id:["2"]']));
  });

  it('are those of whatever it may be, where a subgraph knows an entity by its interface only', async () => {
    const { shared, entities } = await tagsOf({
      subgraph: 'reviews',
      query: `${ENTITIES} { ... on Item { reviews { id } } } }`,
      representations: [{ __typename: 'Item', id: '1' }],
    });
    const tags = [...shared.tags, ...(entities?.[0]?.tags ?? [])];
    for (const type of ['Item', 'Book', 'Film']) {
      expect(isVoid(tags, { kind: 'entity', type, key: { id: '1' } })).toBe(true);
      expect(isVoid(tags, { kind: 'entity', type, key: { id: '2' } })).toBe(false);
    }
    expect(isVoid(tags, { kind: 'entity', type: 'Book', key: { isbn: 'b1' } })).toBe(true);
    expect(tags).toContain('tag:reviews-1');
  });

  it('keep numbers with all their digits', async () => {
    const { node, answer: given } = await answer({
      subgraph: 'catalog',
      query: `${ENTITIES} { ... on Film { title } } }`,
      representations: [{ __typename: 'Film', id: '3' }],
    });
    const text = '{"__typename":"Film","code":9007199254740993,"region":{"id":2}}';
    const { entities } = findTags(node, { ...given, representations: [text] });
    expect(entities?.[0]?.tags).toContain('entity:Film:code,region.id:["9007199254740993","2"]');
  });

  it('are fewer when they would be too many', async () => {
    const find = createAnswerTags({ schema, rules, mostTags: 6 });
    const { node, answer: given } = await answer({ subgraph: 'catalog', query: '{ items { id title } }' });
    const { shared } = find(node, given);
    expect(shared).toMatchObject({
      tags: expect.arrayContaining(['unkeyed', 'types', 'subgraph:catalog']),
      isExcessive: false,
    });
  });
});

describe('tags in extensions', () => {
  const person = { __typename: 'Person', id: '1' };
  const batch = (extensions: unknown) =>
    tagsOf(
      {
        subgraph: 'catalog',
        query: `${ENTITIES} { ... on Person { name } } }`,
        representations: [person, { ...person, id: '2' }],
      },
      extensions,
    );

  it('are those of the whole answer, and of each entity', async () => {
    const { shared, entities, fault } = await batch({
      apolloCacheTags: ['all'],
      apolloEntityCacheTags: [['one', 'first'], []],
      other: 1,
    });
    expect(shared.tags).toContain('tag:all');
    expect(entities?.[0]?.tags).toEqual(expect.arrayContaining(['tag:one', 'tag:first']));
    expect(entities?.[1]?.tags).not.toContain('tag:one');
    expect(fault).toBeUndefined();
    const root = await tagsOf({ subgraph: 'catalog', query: '{ me { id } }' }, { apolloCacheTags: ['home'] });
    expect(root.shared.tags).toContain('tag:home');
  });

  it.each<[unknown, string]>([
    [{ apolloCacheTags: 'all' }, 'extensions.apolloCacheTags is not a list of texts of 1 to 1000 characters'],
    [{ apolloCacheTags: ['a', 5] }, 'extensions.apolloCacheTags is not a list of texts of 1 to 1000 characters'],
    [{ apolloCacheTags: [''] }, 'extensions.apolloCacheTags is not a list of texts of 1 to 1000 characters'],
    [{ apolloEntityCacheTags: ['a', 'b'] }, 'extensions.apolloEntityCacheTags is not a list of lists of texts'],
    [{ apolloEntityCacheTags: [['a']] }, 'extensions.apolloEntityCacheTags has 1 lists for 2 entities'],
  ])('that are none keep the answer from being kept: %j', async (extensions, fault) => {
    expect((await batch(extensions)).fault).toBe(fault);
  });

  it('of entities mean nothing with fields of Query', async () => {
    const { fault } = await tagsOf({ subgraph: 'catalog', query: '{ me { id } }' }, { apolloEntityCacheTags: [['a']] });
    expect(fault).toBe('extensions.apolloEntityCacheTags comes with an answer that is not of _entities');
  });

  it.each([[undefined], [null], [[]], [{}], [{ apolloCacheTags: null }]])(
    'may not be there: %j',
    async (extensions) => {
      expect((await batch(extensions)).fault).toBeUndefined();
    },
  );
});
