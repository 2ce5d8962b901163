// Where modules are run in a context of their own, as Jest does, each use of a global name takes longer than all else here.
const { imul } = Math;

/** Of FNV-1a. */
const BASIS = 0x811c9dc5;

/**
 * 32 bits: FNV-1a over UTF-16 units, its bits mixed afterwards as in MurmurHash3, so that the low ones can decide.
 *
 * @param before the hash of a text that goes before it
 */
export function hashText(text: string, before = BASIS): number {
  let hash = before;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    hash = imul(hash ^ (unit & 0xff), 0x01000193);
    hash = imul(hash ^ (unit >>> 8), 0x01000193);
  }
  hash = imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
