import { crc32 } from 'node:zlib';
import { PLACES } from '../store/purge-log.ts';
import type { Tagged } from './tag-set.ts';

export type Scope = 'public' | 'private' | 'anonymous';

/** Something that may be answered again, with all that decides whether it still may. */
export interface Entry extends Tagged {
  /** Up to which sequence the purges were known before what is in it was asked for. */
  readonly born: number;
  /** When it was made, by what it said of its age. Epoch milliseconds, like all that follows. */
  readonly madeAt: number;
  /** Until then it answers. */
  readonly freshUntil: number;
  /** Until then it answers while a newer one is fetched. Not before `freshUntil`. */
  readonly staleUntil: number;
  /** Until then it answers when no newer one can be had. Not before `freshUntil`. */
  readonly errorUntil: number;
  /**
   * Whom it may be given to. The key says to whom exactly. `anonymous`: to all who show no credential: who showed none fetched it, and
   * nothing says that others would get the same.
   */
  readonly scope: Scope;
  /** A text is encoded when it is stored; on the heap it takes less than a small buffer. */
  readonly body: Buffer | string;
}

/** When it is of no more use to anybody. */
export function endOf({ freshUntil, staleUntil, errorUntil }: Entry): number {
  return Math.max(freshUntil, staleUntil, errorUntil);
}

/** Begins every entry; another version has another number, and is a miss. */
const MAGIC = 0x54_43_03_00;
/** Magic, checksum, five doubles, scope, length of the tags, count of the places. */
const HEADER_BYTES = 4 + 4 + 5 * 8 + 4 + 4 + 4;
const SCOPES: readonly Scope[] = ['public', 'private', 'anonymous'];

/**
 * Writes an entry as it is stored: a header, the places, the tags as JSON (which brings every string back exactly, lone
 * surrogates included), and the body. A checksum is over all of it and the key, so that under another key it is none.
 */
export function encodeEntry(key: string, entry: Entry): Buffer {
  const { born, madeAt, freshUntil, staleUntil, errorUntil, scope, tags, places, body } = entry;
  const written = Buffer.from(JSON.stringify(tags));
  const content = typeof body === 'string' ? Buffer.from(body) : body;
  const bodyAt = HEADER_BYTES + places.length * 4 + written.length;
  const bytes = Buffer.allocUnsafe(bodyAt + content.length);
  bytes.writeUInt32BE(MAGIC, 0);
  let at = 8;
  for (const number of [born, madeAt, freshUntil, staleUntil, errorUntil]) at = bytes.writeDoubleLE(number, at);
  for (const number of [SCOPES.indexOf(scope), written.length, places.length, ...places])
    at = bytes.writeUInt32LE(number, at);
  written.copy(bytes, at);
  content.copy(bytes, bodyAt);
  bytes.writeUInt32LE(checksum(key, bytes), 4);
  return bytes;
}

/**
 * Reads an entry as it was stored under a key. Its body is a slice of the bytes.
 *
 * @returns nothing when it is not whole, of another version, or of another key
 */
export function decodeEntry(key: string, bytes: Buffer): (Entry & { readonly body: Buffer }) | undefined {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32BE(0) !== MAGIC) return undefined;
  if (bytes.readUInt32LE(4) !== checksum(key, bytes)) return undefined;
  const [born = 0, madeAt = 0, freshUntil = 0, staleUntil = 0, errorUntil = 0] = [8, 16, 24, 32, 40].map((at) =>
    bytes.readDoubleLE(at),
  );
  const scope = SCOPES[bytes.readUInt32LE(48)];
  const tagBytes = bytes.readUInt32LE(52);
  const count = bytes.readUInt32LE(56);
  const tagsAt = HEADER_BYTES + count * 4;
  const bodyAt = tagsAt + tagBytes;
  if (scope === undefined || bodyAt > bytes.length || ![born, madeAt, freshUntil, staleUntil, errorUntil].every(isTime))
    return undefined;
  const places: number[] = [];
  for (let at = HEADER_BYTES; at < tagsAt; at += 4) places.push(bytes.readUInt32LE(at));
  const tags = readTags(bytes.toString('utf8', tagsAt, bodyAt));
  if (tags === undefined || places.some((place) => place >= PLACES)) return undefined;
  const times = { born, madeAt, freshUntil, staleUntil, errorUntil };
  return { ...times, scope, tags, places, body: bytes.subarray(bodyAt) };
}

/** Over the key and all but magic and checksum. */
function checksum(key: string, bytes: Buffer): number {
  return crc32(bytes.subarray(8), crc32(key));
}

function isTime(number: number): boolean {
  return number >= 0 && number <= Number.MAX_SAFE_INTEGER;
}

/** What has the right checksum was written by a gateway; by which, and how sound it was, nobody knows. */
function readTags(json: string): readonly string[] | undefined {
  try {
    const tags: unknown = JSON.parse(json);
    return Array.isArray(tags) && tags.every((tag) => typeof tag === 'string') ? tags : undefined;
  } catch {
    return undefined;
  }
}
