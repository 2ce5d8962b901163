import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { parse, validate } from 'graphql';
import { describeText, SHOP } from './shop-schema.ts';

const line = (text: string) => text.replace(/\s+/g, ' ').trim();
const bodyOf = (text: string) => line(describeText(text).body);
const coordinatesOf = (text: string) => [...describeText(text).coordinates].sort();

describe('an operation as it is reported', () => {
  it.each([
    ['numbers', '{ items(first: 7) { id } }', '{ items(first: 0) { id } }'],
    ['texts', '{ items(note: "secret") { id } }', '{ items(note: "") { id } }'],
    ['block texts', '{ items(note: """secret""") { id } }', '{ items(note: "") { id } }'],
    ['lists', '{ items(ids: ["a", "b", 3]) { id } }', '{ items(ids: ["", 0]) { id } }'],
    [
      'input objects',
      '{ items(filter: {name: "n", price: {min: 1.5}, color: RED}) { id } }',
      '{ items(filter: {name: "", price: {min: 0}, color: RED}) { id } }',
    ],
    [
      'lists of input objects',
      '{ items(filter: {and: [{name: "a"}, {name: "b"}, {color: RED}]}) { id } }',
      '{ items(filter: {and: [{name: ""}, {color: RED}]}) { id } }',
    ],
    ['scalars of the schema', '{ items(raw: {secret: [1, {key: WORD}]}) { id } }', '{ items(raw: "") { id } }'],
    ['words of scalars of the schema', '{ items(raw: SECRET) { id } }', '{ items(raw: "") { id } }'],
    [
      'scalars of the schema inside of objects',
      '{ items(filter: {extra: {secret: true}}) { id } }',
      '{ items(filter: {extra: ""}) { id } }',
    ],
    [
      'scalars of the schema, but for variables',
      'query ($a: Int, $b: Int) { items(raw: {secret: [$a, 5], other: $b, more: $a}) { id } }',
      'query ($a: Int, $b: Int) { items(raw: {v0: $a, v1: $b}) { id } }',
    ],
    ['defaults', 'query ($f: Int = 4) { items(first: $f) { id } }', 'query ($f: Int = 0) { items(first: $f) { id } }'],
    ['aliases', '{ user_7: book(id: 7) { t: title } }', '{ a1: book(id: 0) { a2: title } }'],
    ['arguments of directives', '{ items { id @trace(label: "secret") } }', '{ items { id @trace(label: "") } }'],
    ['comments', '{ items { id } # secret\n }', '{ items { id } }'],
  ])('has no values: %s', (_what, text, body) => {
    expect(bodyOf(text)).toBe(body);
    expect(validate(SHOP, parse(bodyOf(text)))).toEqual([]);
  });

  it('keeps what is of the schema: enum values, true, false and null', () => {
    const text = '{ items(filter: {color: RED, name: null}, isNew: true) { id @skip(if: false) } }';
    expect(bodyOf(text)).toBe(text);
  });

  it('gives equal aliases equal names, and none that a field has', () => {
    const text = '{ x: items { ... on Book { x: title } } y: items { id } items { id } }';
    expect(bodyOf(text)).toBe('{ a1: items { ... on Book { a1: title } } a2: items { id } items { id } }');
  });

  it('is the operation with the fragments that it uses, by name', () => {
    const text = `
      query Two { items { id } }
      fragment Z on Book { title ...A } fragment Unused on Book { id } fragment A on Book { id }
      query One { book(id: 1) { ...Z } }
    `;
    expect(bodyOf(text)).toBe('query Two { items { id } }');
    const other = text.replace('query Two { items { id } }', '');
    expect(bodyOf(other)).toBe(
      'query One { book(id: 0) { ...Z } } fragment A on Book { id } fragment Z on Book { title ...A }',
    );
  });

  it('is the same however it is laid out, and whatever its values are', () => {
    const [one, other] = ['query Q { book(id: 1) { id } }', 'query Q {\n\n  book(id: 2)\n  { id }\n}'].map(
      describeText,
    );
    expect(one?.hash).toBe(other?.hash);
    expect(one?.hash).toBe(hash('sha256', one?.body ?? ''));
    expect(one?.name).toBe('Q');
    expect(describeText('{ book(id: 1) { id } }').name).toBeNull();
  });

  it('tells the coordinates of fields, arguments, input fields, enum values and types', () => {
    const text = `query ($c: Color, $f: [Filter!]) {
      items(filter: {and: $f, price: {min: 1}, colors: [RED, $c]}, ids: []) { __typename id ...P ... on Book { title(max: 3) } }
    }
    fragment P on Pen { color @trace(label: "l") @include(if: true) }`;
    expect(coordinatesOf(text)).toEqual([
      '@trace',
      '@trace(label:)',
      'Book',
      'Book.title',
      'Book.title(max:)',
      'Color',
      'Color.RED',
      'Filter',
      'Filter.and',
      'Filter.colors',
      'Filter.price',
      'Item.id',
      'Pen',
      'Pen.color',
      'Query.items',
      'Query.items(filter:)',
      'Query.items(ids:)',
      'Range',
      'Range.min',
    ]);
  });

  it('tells nothing of introspection', () => {
    expect(coordinatesOf('{ __schema { types { name fields(includeDeprecated: true) { name } } } }')).toEqual([]);
  });

  it('tells nothing of what is inside of a scalar of the schema', () => {
    expect(coordinatesOf('{ items(raw: {secret: WORD}) { id } }')).toEqual([
      'Item.id',
      'Query.items',
      'Query.items(raw:)',
    ]);
  });
});
