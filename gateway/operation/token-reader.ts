import { endOfToken, skipIgnored } from './token-count.ts';

/** Kinds of tokens; of a punctuator the kind is its character. */
export const [END, NAME, VALUE, SPREAD] = [0, 1, 2, 3];

/** Reads the lexical tokens of a text one by one, and makes nothing of them. What is no GraphQL is for a parser to say. */
export class TokenReader {
  readonly text: string;
  kind = END;
  /** Where the token begins and ends. */
  start = 0;
  end = 0;

  constructor(text: string) {
    this.text = text;
    this.next();
  }

  next(): void {
    const start = skipIgnored(this.text, this.end);
    this.start = start;
    if (start >= this.text.length) {
      this.kind = END;
      this.end = start;
      return;
    }
    const code = this.text.charCodeAt(start);
    this.end = endOfToken(this.text, start, code);
    this.kind = kindOf(code, this.end - start);
  }

  /** The text of the token. */
  word(): string {
    return this.text.slice(this.start, this.end);
  }

  is(word: string): boolean {
    return this.end - this.start === word.length && this.text.startsWith(word, this.start);
  }
}

function kindOf(code: number, length: number): number {
  if ((code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f) return NAME;
  if ((code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x22) return VALUE;
  return code === 0x2e && length === 3 ? SPREAD : code;
}
