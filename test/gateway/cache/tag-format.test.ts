import { describe, expect, it } from '@jest/globals';
import { fillTagFormat, parseTagFormat } from '../../../gateway/cache/tag-format.ts';

describe('a format', () => {
  it('is parsed into what stands in it and between', () => {
    expect(parseTagFormat('products')).toEqual({ text: 'products', literals: ['products'], placeholders: [] });
    expect(parseTagFormat('{$args.input.x}-{ $key.id }/{$key.org.id}!')).toEqual({
      text: '{$args.input.x}-{ $key.id }/{$key.org.id}!',
      literals: ['', '-', '/', '!'],
      placeholders: [
        { source: 'args', path: ['input', 'x'] },
        { source: 'key', path: ['id'] },
        { source: 'key', path: ['org', 'id'] },
      ],
    });
  });

  it.each([
    ['', 'is empty'],
    ['a-{$key.id', 'has a "{" that is never closed'],
    ['a-$key.id}', 'has a "}" that closes nothing'],
    ['a-{$key.id}}', 'has a "}" that closes nothing'],
    ['a-{id}', 'has {id}, which is neither {$args.NAME} nor {$key.FIELD}'],
    ['a-{$key}', 'has {$key}, which is neither'],
    ['a-{$key.}', 'has {$key.}, which is neither'],
    ['a-{$key.a..b}', 'has {$key.a..b}, which is neither'],
    ['a-{$request.id}', 'has {$request.id}, which is neither'],
    ['a-{$args.id->first}', 'has {$args.id->first}, which is neither'],
    ['a-{{$key.id}}', 'has {{$key.id}, which is neither'],
  ])('that is %j is refused', (text, message) => {
    expect(() => parseTagFormat(text)).toThrow(message);
  });
});

describe('a format that is filled in', () => {
  const fill = (text: string, ...values: unknown[]) => fillTagFormat(parseTagFormat(text), (_, place) => values[place]);

  it('takes texts, numbers with all their digits, true and false', () => {
    expect(fill('a-{$key.a}-{$key.b}', 'x', 7)).toBe('a-x-7');
    expect(fill('{$key.a}{$key.b}', true, JSON.rawJSON('12345678901234567890'))).toBe('true12345678901234567890');
    expect(fill('products')).toBe('products');
    expect(fill('{$key.a}', '{$key.b}')).toBe('{$key.b}');
  });

  it.each([[undefined], [null], [[]], [['a']], [{}]])('gives no tag for %j', (value) => {
    expect(fill('a-{$key.a}', value)).toBeUndefined();
  });

  it('gives no tag that no invalidation could name', () => {
    expect(fill('{$key.a}', 'x'.repeat(1_000))).toHaveLength(1_000);
    expect(fill('{$key.a}', 'x'.repeat(1_001))).toBeUndefined();
  });
});
