import { describe, expect, it } from '@jest/globals';
import { runInTurns, runThrough, type Sliced } from '../../service/slices.ts';

describe('work in slices', () => {
  const log: string[] = [];
  function* work(name: string, slices: number): Sliced<string> {
    for (let slice = 1; slice < slices; slice++) {
      log.push(`${name}${slice}`);
      yield;
    }
    log.push(`${name}${slices}`);
    return name;
  }

  it('is done through at once where nobody else waits', () => {
    expect(runThrough(work('a', 3))).toBe('a');
    expect(log.splice(0)).toEqual(['a1', 'a2', 'a3']);
  });

  it('gives its result at once when it is one slice', () => {
    expect(runInTurns(work('a', 1))).toBe('a');
    expect(log.splice(0)).toEqual(['a1']);
  });

  it('takes turns with other work and with the event loop, one slice at a time', async () => {
    const both = [runInTurns(work('a', 3)), runInTurns(work('b', 3))];
    const others = (async () => {
      for (let count = 0; count < 3; count++) {
        await new Promise(setImmediate);
        log.push('-');
      }
    })();
    expect(await Promise.all(both)).toEqual(['a', 'b']);
    await others;
    const done = log.splice(0);
    expect(done.filter((each) => each !== '-')).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b3']);
    // The first slices are done at once.
    expect(done.slice(2).join('')).not.toMatch(/[ab]\d[ab]\d/);
  });

  it('hands on what it throws, and goes on with the rest', async () => {
    function* failing(): Sliced<string> {
      yield;
      throw new TypeError('no');
    }
    const [failed, other] = await Promise.allSettled([runInTurns(failing()), runInTurns(work('b', 3))]);
    expect([failed?.status, other]).toEqual(['rejected', { status: 'fulfilled', value: 'b' }]);
    log.length = 0;
  });
});
