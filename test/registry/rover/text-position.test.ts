import { describe, expect, it } from '@jest/globals';
import { createLocator } from '../../../registry/rover/text-position.ts';
import { createRandom } from '../../differential/random.ts';

/** The same by counting from the beginning. */
function locateSlowly(text: string, byteOffset: number) {
  const before = Buffer.from(text).toString('utf8', 0, byteOffset);
  const lines = before.split('\n');
  return { byteOffset, line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

describe('a place in a text', () => {
  it.each([
    ['of one long line', ['a', 'é', '€', '🦆']],
    ['of lines', ['a', 'é', '€', '🦆', '\n', 'longer '.repeat(50)]],
    ['of nothing', []],
  ])('%s is told by its bytes', (_, parts) => {
    const random = createRandom(7);
    const pieces = parts.length === 0 ? [] : Array.from({ length: 9_000 }, () => parts[random.below(parts.length)]);
    const text = pieces.join('');
    const locate = createLocator(text);
    const offsets = [0];
    for (const piece of pieces) offsets.push((offsets.at(-1) ?? 0) + Buffer.byteLength(piece ?? ''));
    // Backwards too: nothing has to be asked for in order.
    for (const offset of offsets.filter((_offset, number) => number % 97 === 0).reverse())
      expect(locate(offset)).toEqual(locateSlowly(text, offset));
  });

  it('is found at every byte around the end of a step', () => {
    const text = '🦆'.repeat(3_000);
    const locate = createLocator(text);
    for (let offset = 4_080; offset <= 4_112; offset += 4) expect(locate(offset)).toEqual(locateSlowly(text, offset));
    const odd = `a${text}`;
    const locateOdd = createLocator(odd);
    for (let offset = 4_081; offset <= 4_113; offset += 4) expect(locateOdd(offset)).toEqual(locateSlowly(odd, offset));
  });
});
