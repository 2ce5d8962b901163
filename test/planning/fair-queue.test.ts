import { describe, expect, it } from '@jest/globals';
import { createFairQueue, type FairQueue } from '../../planning/fair-queue.ts';

function takeAll(queue: FairQueue<string>): string[] {
  const taken: string[] = [];
  for (let item = queue.take(); item !== undefined; item = queue.take()) taken.push(item);
  return taken;
}

describe('a fair queue', () => {
  it('lets clients take turns, each in its own order', () => {
    const queue = createFairQueue<string>(10);
    for (const item of ['a1', 'a2', 'a3']) queue.add('a', item);
    queue.add('b', 'b1');
    queue.add('b', 'b2');
    queue.add('c', 'c1');
    expect(queue.size).toBe(6);
    expect(takeAll(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
    expect(queue.size).toBe(0);
  });

  it('gives one who comes late the next turn but those of others who wait', () => {
    const queue = createFairQueue<string>(10);
    for (const item of ['a1', 'a2', 'a3']) queue.add('a', item);
    expect(queue.take()).toBe('a1');
    queue.add('b', 'b1');
    expect(takeAll(queue)).toEqual(['a2', 'b1', 'a3']);
  });

  it('refuses the client that waits for most when it is full', () => {
    const queue = createFairQueue<string>(3);
    for (const item of ['a1', 'a2', 'a3']) queue.add('a', item);
    expect(queue.add('a', 'a4')).toEqual({ client: 'a', item: 'a4' });
    expect(queue.add('b', 'b1')).toEqual({ client: 'a', item: 'a3' });
    expect(queue.add('b', 'b2')).toEqual({ client: 'b', item: 'b2' });
    expect(queue.add('c', 'c1')).toEqual({ client: 'a', item: 'a2' });
    expect(queue.size).toBe(3);
    expect(takeAll(queue)).toEqual(['a1', 'b1', 'c1']);
  });

  it('lets what nobody waits for any longer take neither a place nor a turn', () => {
    const queue = createFairQueue<string>(3);
    for (const item of ['a1', 'a2']) queue.add('a', item);
    queue.add('b', 'b1');
    queue.remove('a', 'a1');
    queue.remove('b', 'b1');
    for (const client of ['b', 'nobody']) queue.remove(client, 'b1');
    expect(queue.size).toBe(1);
    for (const item of ['b2', 'b3']) expect(queue.add('b', item)).toBeUndefined();
    expect(takeAll(queue)).toEqual(['a2', 'b2', 'b3']);
  });

  it('takes nobody his only place', () => {
    const queue = createFairQueue<string>(2);
    queue.add('a', 'a1');
    queue.add('b', 'b1');
    expect(queue.add('c', 'c1')).toEqual({ client: 'c', item: 'c1' });
    expect(takeAll(queue)).toEqual(['a1', 'b1']);
  });
});
