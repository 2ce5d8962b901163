import { describe, expect, it } from '@jest/globals';
import { createBudget } from '../../../gateway/operation/budget.ts';
import { createMemo, type Memo } from '../../../gateway/operation/memo.ts';

/** Of which what came once has 100. */
const BYTES = 800;

/** Which of the keys are kept, without their being asked for. */
const keptOf = (memo: Memo<string>) => [...memo.values()].sort();

describe('memos that share a budget', () => {
  it('forget what was not used for longest in any of them, of what came once', () => {
    const budget = createBudget(BYTES);
    const [texts, plans] = [createMemo<string>(budget), createMemo<string>(budget)];
    texts.keep('one', 'text one', 40);
    plans.keep('a', 'plan a', 40);
    texts.keep('two', 'text two', 40);
    expect([keptOf(texts), keptOf(plans)]).toEqual([['text two'], ['plan a']]);
    expect(texts.get('one')).toBeUndefined();
  });

  it('give what comes again all the room that there is', () => {
    const [texts, plans] = [createBudget(BYTES)].flatMap((budget) => [
      createMemo<string>(budget),
      createMemo<string>(budget),
    ]) as [Memo<string>, Memo<string>];
    for (let n = 1; n <= 10; n++)
      for (const memo of [texts, plans]) {
        memo.keep(`${n}`, `${n}`, 40);
        memo.get(`${n}`);
      }
    // 700 bytes are 17 of them.
    expect([...keptOf(texts), ...keptOf(plans)]).toHaveLength(17);
    expect([texts.get('1'), plans.get('1'), texts.get('2')]).toEqual([undefined, undefined, undefined]);
  });

  it('keep what came again, however much comes once', () => {
    const memo = createMemo<string>(createBudget(BYTES));
    memo.keep('often', 'stays', 60);
    expect(memo.get('often')).toBe('stays');
    for (let n = 0; n < 1_000; n++) memo.keep(`once ${n}`, `${n}`, 60);
    expect(keptOf(memo)).toEqual(['999', 'stays']);
  });

  it('know what was forgotten when it comes again, by its name', () => {
    const memo = createMemo<string>(createBudget(BYTES));
    memo.keep('key', 'first', 60, 'name');
    memo.keep('other', 'pushes it out', 60);
    expect(keptOf(memo)).toEqual(['pushes it out']);
    memo.keep('another key', 'second', 60, 'name');
    for (let n = 0; n < 10; n++) memo.keep(`once ${n}`, `${n}`, 60);
    expect(keptOf(memo)).toEqual(['9', 'second']);
  });

  it('do not keep what is larger than all of its part', () => {
    const memo = createMemo<string>(createBudget(BYTES));
    memo.keep('small', 'stays', 60);
    memo.keep('large', 'too large for what came once', 101);
    expect(keptOf(memo)).toEqual(['stays']);
    memo.keep('large', 'not for what came again', 101);
    memo.keep('huge', 'too large', 701);
    memo.keep('huge', 'still', 701);
    expect(keptOf(memo)).toEqual(['not for what came again', 'stays']);
  });

  it('give the latest of what is kept under one key', () => {
    const memo = createMemo<string>(createBudget(BYTES));
    for (const value of ['first', 'second', 'third']) memo.keep('same', value, 500);
    expect(memo.get('same')).toBe('third');
    memo.keep('other', 'beside it', 100);
    expect(keptOf(memo)).toEqual(['beside it', 'third']);
  });
});

describe('a memo', () => {
  it('lets all who want the same meanwhile share one piece of work', async () => {
    const memo = createMemo<string>(createBudget(BYTES));
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
    const memo = createMemo<string>(createBudget(BYTES));
    const refuse = () => ({ result: Promise.reject(new Error('no')), join: () => undefined });
    const accept = () => ({ result: Promise.resolve('yes'), join: () => undefined });
    await expect(memo.share('key', 'one', refuse)).rejects.toThrow('no');
    expect(await memo.share('key', 'one', accept)).toBe('yes');
  });
});
