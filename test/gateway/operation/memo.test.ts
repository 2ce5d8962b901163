import { describe, expect, it } from '@jest/globals';
import { createBudget, createMemo } from '../../../gateway/operation/memo.ts';

const HUNDRED = 100;

describe('memos that share a budget', () => {
  it('forget what was not used for longest in any of them', () => {
    const budget = createBudget(HUNDRED);
    const [texts, plans] = [createMemo<string>(budget), createMemo<string>(budget)];
    texts.keep('one', 'text one', 40);
    plans.keep('one', 'plan one', 40);
    expect(texts.get('one')).toBe('text one');
    texts.keep('two', 'text two', 40);
    expect([texts.get('one'), texts.get('two'), plans.get('one')]).toEqual(['text one', 'text two', undefined]);
    expect([...plans.values()]).toEqual([]);
    expect([...texts.values()]).toEqual(['text one', 'text two']);
  });

  it('do not keep what is larger than all of it', () => {
    const memo = createMemo<string>(createBudget(HUNDRED));
    memo.keep('small', 'stays', 60);
    memo.keep('large', 'too large', 101);
    expect([memo.get('small'), memo.get('large')]).toEqual(['stays', undefined]);
  });

  it('count what is kept again once', () => {
    const memo = createMemo<string>(createBudget(HUNDRED));
    for (const value of ['first', 'second', 'third']) memo.keep('same', value, 60);
    expect(memo.get('same')).toBe('third');
    memo.keep('other', 'beside it', 40);
    expect([memo.get('same'), memo.get('other')]).toEqual(['third', 'beside it']);
  });
});

describe('a memo', () => {
  it('lets all who want the same meanwhile share one piece of work', async () => {
    const memo = createMemo<string>(createBudget(HUNDRED));
    const { promise, resolve } = Promise.withResolvers<string>();
    const joined: string[] = [];
    let begun = 0;
    const begin = () => {
      begun++;
      return { result: promise, join: (client: string) => void joined.push(client) };
    };
    const both = Promise.all([memo.share('key', 'one', begin), memo.share('key', 'two', begin)]);
    resolve('made');
    expect(await both).toEqual(['made', 'made']);
    expect({ begun, joined }).toEqual({ begun: 1, joined: ['two'] });
    await memo.share('key', 'three', begin);
    expect(begun).toBe(2);
  });

  it('does not remember a refusal', async () => {
    const memo = createMemo<string>(createBudget(HUNDRED));
    const refuse = () => ({ result: Promise.reject(new Error('no')), join: () => undefined });
    const accept = () => ({ result: Promise.resolve('yes'), join: () => undefined });
    await expect(memo.share('key', 'one', refuse)).rejects.toThrow('no');
    expect(await memo.share('key', 'one', accept)).toBe('yes');
  });
});
