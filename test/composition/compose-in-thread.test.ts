import { describe, expect, it } from '@jest/globals';
import { compose } from '../../composition/compose.ts';
import { composeInThread } from '../../composition/compose-in-thread.ts';

describe('composition in a thread', () => {
  const one = { name: 'one', url: 'http://127.0.0.1:1', sdl: 'type Query { a: Int }' };

  it('composes as it does in this thread', async () => {
    expect(await composeInThread([one])).toEqual(compose([one]));
  });

  it('tells the same errors', async () => {
    const wrong = [
      { ...one, sdl: 'type Query { a: Nothing }' },
      { ...one, name: 'two', sdl: 'type' },
    ];
    const composition = await composeInThread(wrong);
    expect(composition).toEqual(compose(wrong));
    expect(composition).toMatchObject({ errors: expect.any(Array) as unknown });
  });
});
