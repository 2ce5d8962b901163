import { describe, expect, it } from '@jest/globals';
import { decodeEntry, type Entry, encodeEntry, endOf } from '../../../gateway/cache/entry.ts';
import { toPlace, toPlaces } from '../../../gateway/cache/places.ts';
import { toTagged } from '../../../gateway/cache/tag-set.ts';
import { PLACES } from '../../../gateway/store/purge-log.ts';
import { createRandom } from '../../differential/random.ts';

const entry = ({ tags = ['type:Product', 'Product:{"id":"1"}'], ...content }: Partial<Entry> = {}): Entry => ({
  born: 1_700_000_000_000_001,
  madeAt: 1_700_000_000_000,
  freshUntil: 1_700_000_060_000,
  staleUntil: 1_700_000_090_000,
  errorUntil: 1_700_000_080_000,
  scope: 'private',
  ...toTagged(tags),
  body: Buffer.from('{"data":{"a":1}}'),
  ...content,
});

describe('an entry as it is stored', () => {
  it.each([
    ['as a rule', {}],
    ['without tags and body', { tags: [], body: Buffer.alloc(0) }],
    ['with odd tags', { tags: ['', '\0', 'a\nb', '\ud800', 'é€😀', '"', 'x'.repeat(10_000)] }],
    ['with a body of bytes', { body: Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), scope: 'public' }],
    ['with times that are no whole numbers', { madeAt: 1_700_000_000_000.5, born: 0 }],
  ] as const)('is read as it was written: %s', (_, content) => {
    const written = entry(content as Partial<Entry>);
    expect(decodeEntry('key', encodeEntry('key', written))).toEqual(written);
  });

  it('gives a slice for its body, without copying', () => {
    const bytes = encodeEntry('key', entry());
    expect(decodeEntry('key', bytes)?.body.buffer).toBe(bytes.buffer);
  });

  it('is read from a slice', () => {
    const padded = Buffer.concat([Buffer.from('xyz'), encodeEntry('key', entry()), Buffer.from('xyz')]);
    expect(decodeEntry('key', padded.subarray(3, -3))).toEqual(entry());
  });

  it('is none under another key', () => {
    expect(decodeEntry('other', encodeEntry('key', entry()))).toBeUndefined();
  });

  it('is none when it is cut anywhere, or longer', () => {
    const bytes = encodeEntry('key', entry());
    for (let length = 0; length < bytes.length; length++)
      expect(decodeEntry('key', bytes.subarray(0, length))).toBeUndefined();
    expect(decodeEntry('key', Buffer.concat([bytes, Buffer.from('x')]))).toBeUndefined();
  });

  it('is none when any bit of it is another', () => {
    const bytes = encodeEntry('key', entry());
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(decodeEntry('key', flipped)).toBeUndefined();
    }
  });

  it('is none when it is anything else', () => {
    const seed = Date.now() >>> 0;
    const random = createRandom(seed);
    for (let count = 0; count < 5_000; count++) {
      const bytes = Buffer.from(Array.from({ length: random.below(200) }, () => random.below(256)));
      // Half of them begin as an entry does.
      if (count % 2 === 0) encodeEntry('key', entry()).copy(bytes, 0, 0, 8 + random.below(60));
      expect([seed, decodeEntry('key', bytes)]).toEqual([seed, undefined]);
    }
  });

  it('is none when its numbers are none', () => {
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, -1])
      for (const name of ['born', 'madeAt', 'freshUntil', 'staleUntil', 'errorUntil'])
        expect(decodeEntry('key', encodeEntry('key', entry({ [name]: wrong })))).toBeUndefined();
    const far = { ...entry(), places: [PLACES] };
    expect(decodeEntry('key', encodeEntry('key', far))).toBeUndefined();
  });

  it('ends when nobody can use it any more', () => {
    expect(endOf(entry())).toBe(1_700_000_090_000);
    expect(endOf(entry({ errorUntil: 1_700_000_099_000 }))).toBe(1_700_000_099_000);
  });
});

describe('the places of tags', () => {
  it('are the same for ever, since gateways of several versions share the table', () => {
    expect(['', 'a', 'type:Product', 'é€😀'].map(toPlace)).toMatchInlineSnapshot(`
[
  949259,
  645671,
  192497,
  91375,
]
`);
  });

  it('are each there once, within the table, and spread', () => {
    expect(toPlaces(['a', 'b', 'a'])).toHaveLength(2);
    const places = toPlaces(Array.from({ length: 100_000 }, (_, index) => `Product:{"id":"${index}"}`));
    expect(Math.max(...places.slice(0, 1_000))).toBeLessThan(PLACES);
    // By chance 100,000 of 2^20 places would give some 95,300 different ones.
    expect(places.length).toBeGreaterThan(95_000);
    const quarters = [0, 0, 0, 0];
    for (const place of places) quarters[place >> 18] = (quarters[place >> 18] ?? 0) + 1;
    for (const quarter of quarters) expect(quarter / places.length).toBeCloseTo(0.25, 2);
  });
});
