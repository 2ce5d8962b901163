import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { COVERAGE } from './reference/coverage.ts';
import { ROWS } from './reference/rows.ts';

const rows = ROWS.map((line) => line.slice(0, line.indexOf(' ')));
const covered = COVERAGE.map((line) => {
  const [, id = '', sign = '', rest = ''] = /^(\S+) ([=-]) (.+)$/.exec(line) ?? [];
  const [, file = '', title = ''] = /^(\S+): (.+)$/.exec(rest) ?? [];
  return { line, id, isTested: sign === '=', file, title, rest };
});

describe('what there is to know of rover and Uplink', () => {
  it('is covered, row by row, once', () => {
    expect(covered.map(({ id }) => id)).toEqual(rows);
    expect(new Set(rows).size).toBe(rows.length);
  });

  it('has a reason where no test can show it', () => {
    expect(covered.filter(({ isTested, rest }) => !isTested && rest.length < 10).map(({ line }) => line)).toEqual([]);
  });

  it('is shown by tests that are there', () => {
    const missing = covered.filter(({ isTested, file, title }) => {
      if (!isTested) return false;
      const text = readFileSync(new URL(`./${file}.test.ts`, import.meta.url), 'utf8');
      return title === '' || !text.replaceAll("\\'", "'").includes(title);
    });
    expect(missing.map(({ line }) => line)).toEqual([]);
  });
});
