import type { Readable } from 'node:stream';

/** Lines of a stream, kept, so that a test can wait for one that has come already or is still to come. */
export interface Lines {
  readonly all: readonly string[];
  /** Resolves with the first line that matches. @throws when the stream ends without one */
  find(pattern: RegExp): Promise<string>;
}

export function collectLines(...streams: readonly Readable[]): Lines {
  const all: string[] = [];
  const waiting = new Set<() => void>();
  let open = streams.length;
  for (const stream of streams) {
    let rest = '';
    stream.on('data', (chunk: Buffer) => {
      const lines = `${rest}${chunk.toString()}`.split('\n');
      rest = lines.pop() ?? '';
      all.push(...lines);
      for (const check of [...waiting]) check();
    });
    stream.on('close', () => {
      if (rest !== '') all.push(rest);
      open--;
      for (const check of [...waiting]) check();
    });
  }
  return {
    all,
    find: (pattern) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const found = all.find((line) => pattern.test(line));
          if (found === undefined && open > 0) return;
          waiting.delete(check);
          if (found !== undefined) resolve(found);
          else reject(new Error(`no line matches ${pattern}; there were:\n${all.join('\n')}`));
        };
        waiting.add(check);
        check();
      }),
  };
}
