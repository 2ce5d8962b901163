/**
 * Whether a text has more lexical tokens than so many (GraphQL specification, 2.1 "Source Text"), found without making anything of them: a parser
 * that counts has made objects of 15,000 before it gives up, in two milliseconds and more. This takes a tenth of that.
 *
 * What is no GraphQL may have more than is counted here, never less: the parser has the last word on what is let through.
 */
export function hasMoreTokens(text: string, most: number): boolean {
  // Each takes a character at least.
  if (text.length <= most) return false;
  let count = 0;
  for (let at = skipIgnored(text, 0); at < text.length && count <= most; at = skipIgnored(text, at)) {
    count++;
    at = endOfToken(text, at, text.charCodeAt(at));
  }
  return count > most;
}

/** Where the next token begins: behind blanks and comments. */
export function skipIgnored(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isIgnored(code)) at++;
    else if (code === HASH) at = endOfLine(text, at);
    else break;
  }
  return at;
}

const [QUOTE, HASH, PLUS, MINUS, DOT, BACKSLASH] = [0x22, 0x23, 0x2b, 0x2d, 0x2e, 0x5c];

/** Blanks, ends of lines, commas, the byte order mark (2.1.1 to 2.1.7); and what is no character of GraphQL at all. */
function isIgnored(code: number): boolean {
  return code <= 0x20 || code === 0x2c || code > 0x7e;
}

function endOfLine(text: string, from: number): number {
  for (let at = from; at < text.length; at++) if (isEndOfLine(text.charCodeAt(at))) return at;
  return text.length;
}

function isEndOfLine(code: number): boolean {
  return code === 0x0a || code === 0x0d;
}

/** @param code the first character of the token */
export function endOfToken(text: string, from: number, code: number): number {
  if (code === QUOTE) return text.startsWith('"""', from) ? endOfBlock(text, from + 3) : endOfString(text, from + 1);
  if (code === DOT) return text.startsWith('...', from) ? from + 3 : from + 1;
  const isPart = isOfName(code) ? (isDigit(code) ? isOfNumber : isOfName) : code === MINUS ? isOfNumber : isNothing;
  let at = from + 1;
  while (at < text.length && isPart(text.charCodeAt(at))) at++;
  return at;
}

const isNothing = () => false;

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isOfName(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || isDigit(code) || code === 0x5f;
}

function isOfNumber(code: number): boolean {
  return isOfName(code) || code === DOT || code === MINUS || code === PLUS;
}

function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE || isEndOfLine(code)) return at + 1;
  }
  return text.length;
}

function endOfBlock(text: string, from: number): number {
  for (let end = text.indexOf('"""', from); end !== -1; end = text.indexOf('"""', end + 3))
    if (text.charCodeAt(end - 1) !== BACKSLASH) return end + 3;
  return text.length;
}
