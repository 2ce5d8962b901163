import { NOTHING, type Size } from './limits.ts';
import { END, NAME, SPREAD, TokenReader, VALUE } from './token-reader.ts';

const [OPEN, CLOSE] = [0x7b, 0x7d];
const [OPEN_LIST, CLOSE_LIST] = [0x5b, 0x5d];
const [OPEN_ARGUMENTS, CLOSE_ARGUMENTS] = [0x28, 0x29];
const [COLON, EQUALS, BANG, DOLLAR, AT] = [0x3a, 0x3d, 0x21, 0x24, 0x40];

/** An operation or a fragment by itself, and what is spread in it. */
interface Definition {
  readonly own: Size;
  readonly spreads: Map<string, Spread>;
}

/** One fragment in one definition. */
interface Spread {
  count: number;
  /** Times that it stands among the fields of the definition's own type. */
  topCount: number;
  /** How deep the deepest of them is. */
  depth: number;
}

/** A text that is not what a parser takes, or no executable document. */
class Unmeasured extends Error {}

/**
 * Measures each operation of a document with its fragments spread, in its text: before anything is made of it, because what a parser makes of
 * a large text keeps the garbage collector longer than measuring it takes. A fragment is measured once however often it is spread, so that
 * measuring costs no more than reading the text, also where twenty fragments of two spreads each make a million fields. A cycle, which
 * validation will name, counts as nothing here.
 *
 * @returns nothing for what is no executable document: a parser says why
 */
export function measureText(text: string): readonly Size[] | undefined {
  const operations: Definition[] = [];
  const fragments = new Map<string, Definition>();
  try {
    readDocument(new TokenReader(text), operations, fragments);
  } catch (error) {
    if (error instanceof Unmeasured) return undefined;
    throw error;
  }
  const measured = new Map<string, Size>();
  return operations.map(spread);

  function spread({ own, spreads }: Definition): Size {
    const size = { ...own };
    for (const [name, { count, topCount, depth }] of spreads) {
      const fragment = sizeOfFragment(name);
      size.maxDepth = Math.max(size.maxDepth, depth + fragment.maxDepth);
      size.maxFields += count * fragment.maxFields;
      size.maxRootFields += topCount * fragment.maxRootFields;
      size.maxAliases += count * fragment.maxAliases;
      size.maxDirectives += count * fragment.maxDirectives;
      size.maxIntrospections += count * fragment.maxIntrospections;
      size.maxListSize = Math.max(size.maxListSize, fragment.maxListSize);
      size.maxInputDepth = Math.max(size.maxInputDepth, fragment.maxInputDepth);
    }
    return size;
  }

  function sizeOfFragment(name: string): Size {
    const known = measured.get(name);
    if (known !== undefined) return known;
    measured.set(name, NOTHING);
    const definition = fragments.get(name);
    const size = definition === undefined ? NOTHING : spread(definition);
    measured.set(name, size);
    return size;
  }
}

/** GraphQL specification, 2.2 to 2.12. */
function readDocument(reader: TokenReader, operations: Definition[], fragments: Map<string, Definition>): void {
  while (reader.kind !== END) {
    const definition: Definition = { own: { ...NOTHING }, spreads: new Map() };
    // A description.
    if (reader.kind === VALUE) reader.next();
    if (reader.kind === OPEN) operations.push(definition);
    else if (reader.is('fragment')) {
      reader.next();
      const name = take(reader, NAME);
      take(reader, NAME);
      take(reader, NAME);
      // Of several of one name the last counts, as in a map; validation refuses them.
      fragments.set(name, definition);
    } else if (reader.is('query') || reader.is('mutation') || reader.is('subscription')) {
      reader.next();
      if (reader.kind === NAME) reader.next();
      if (reader.kind === OPEN_ARGUMENTS) readVariables(reader, definition.own);
      operations.push(definition);
    } else throw new Unmeasured();
    readDirectives(reader, definition.own);
    readSelections(reader, definition);
  }
}

/** @returns the text of a token of that kind, which is passed over */
function take(reader: TokenReader, kind: number): string {
  if (reader.kind !== kind) throw new Unmeasured();
  const word = kind === NAME ? reader.word() : '';
  reader.next();
  return word;
}

/** All of a selection set, with those in it. */
function readSelections(reader: TokenReader, { own, spreads }: Definition): void {
  take(reader, OPEN);
  let level = 1;
  /** Down to which level the selections are of the definition's own type. */
  let topLevels = 1;
  while (level > 0) {
    if (reader.kind === CLOSE) {
      level--;
      topLevels = Math.min(topLevels, level);
      reader.next();
      continue;
    }
    own.maxDepth = Math.max(own.maxDepth, level);
    if (reader.kind === NAME) {
      if (level <= topLevels) own.maxRootFields++;
      readField(reader, own);
      if (reader.kind !== OPEN) continue;
      reader.next();
      level++;
    } else {
      take(reader, SPREAD);
      if (reader.kind === NAME && !reader.is('on')) {
        addSpread(spreads, reader.word(), level, level <= topLevels);
        reader.next();
        readDirectives(reader, own);
        continue;
      }
      if (reader.kind === NAME) {
        reader.next();
        take(reader, NAME);
      }
      readDirectives(reader, own);
      take(reader, OPEN);
      if (level === topLevels) topLevels++;
      level++;
    }
  }
}

function addSpread(spreads: Map<string, Spread>, name: string, depth: number, isTop: boolean): void {
  const found = spreads.get(name) ?? { count: 0, topCount: 0, depth: 0 };
  found.count++;
  if (isTop) found.topCount++;
  found.depth = Math.max(found.depth, depth);
  spreads.set(name, found);
}

/** Without what is selected in it. */
function readField(reader: TokenReader, own: Size): void {
  own.maxFields++;
  let { start, end } = reader;
  reader.next();
  if (reader.kind === COLON) {
    reader.next();
    own.maxAliases++;
    ({ start, end } = reader);
    take(reader, NAME);
  }
  if (isIntrospection(reader.text, start, end)) own.maxIntrospections++;
  if (reader.kind === OPEN_ARGUMENTS) readArguments(reader, own);
  readDirectives(reader, own);
}

function isIntrospection(text: string, start: number, end: number): boolean {
  if (!text.startsWith('__', start)) return false;
  const name = text.slice(start, end);
  return name === '__schema' || name === '__type';
}

function readDirectives(reader: TokenReader, own: Size): void {
  while (reader.kind === AT) {
    own.maxDirectives++;
    reader.next();
    take(reader, NAME);
    if (reader.kind === OPEN_ARGUMENTS) readArguments(reader, own);
  }
}

function readArguments(reader: TokenReader, own: Size): void {
  take(reader, OPEN_ARGUMENTS);
  while (reader.kind !== CLOSE_ARGUMENTS) {
    take(reader, NAME);
    take(reader, COLON);
    measureValue(reader, own);
  }
  reader.next();
}

function readVariables(reader: TokenReader, own: Size): void {
  take(reader, OPEN_ARGUMENTS);
  while (reader.kind !== CLOSE_ARGUMENTS) {
    if (reader.kind === VALUE) reader.next();
    take(reader, DOLLAR);
    take(reader, NAME);
    take(reader, COLON);
    while (reader.kind === OPEN_LIST) reader.next();
    take(reader, NAME);
    while (reader.kind === CLOSE_LIST || reader.kind === BANG) reader.next();
    if (reader.kind === EQUALS) {
      reader.next();
      measureValue(reader, own);
    }
    readDirectives(reader, own);
  }
  reader.next();
}

/** How deep a value is, and how long its lists are. */
function measureValue(reader: TokenReader, own: Size): void {
  /** What is open: of a list, how many items there were; of an object, nothing. */
  const open: (number | undefined)[] = [];
  do {
    const items = open.at(-1);
    const isInList = items !== undefined;
    if (open.length > 0 && reader.kind === (isInList ? CLOSE_LIST : CLOSE)) {
      if (isInList) own.maxListSize = Math.max(own.maxListSize, items);
      open.pop();
      reader.next();
      continue;
    }
    if (isInList) open[open.length - 1] = items + 1;
    else if (open.length > 0) {
      take(reader, NAME);
      take(reader, COLON);
    }
    const { kind } = reader;
    reader.next();
    if (kind === OPEN_LIST || kind === OPEN) {
      open.push(kind === OPEN_LIST ? 0 : undefined);
      own.maxInputDepth = Math.max(own.maxInputDepth, open.length);
    } else if (kind === DOLLAR) take(reader, NAME);
    else if (kind !== NAME && kind !== VALUE) throw new Unmeasured();
  } while (open.length > 0);
}
