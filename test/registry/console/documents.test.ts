import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse, validate } from 'graphql';
import { RequestBoundsRule } from '../../../registry/rover/request-bounds.ts';
import { readSchema } from '../../../registry/rover/type-definitions.ts';

const BROWSER = fileURLToPath(new URL('../../../registry/console/browser/', import.meta.url));

/** Texts of GraphQL in the sources, by the names of their operations. */
const DOCUMENTS = globSync('*.tsx', { cwd: BROWSER }).flatMap((file) =>
  [...readFileSync(`${BROWSER}${file}`, 'utf8').matchAll(/[`']((?:query|mutation) (\w+)[^`']*)[`']/g)].map(
    ([, text = '', name = '']): [string, string] => [name, text],
  ),
);

describe('what the console asks', () => {
  const schema = readSchema();

  it('is found in its sources', () => {
    expect(DOCUMENTS.length).toBeGreaterThanOrEqual(10);
  });

  it.each(DOCUMENTS)('%s is in the schema, and within what the registry takes', (_, text) => {
    expect(validate(schema, parse(text), undefined)).toEqual([]);
    expect(validate(schema, parse(text), [RequestBoundsRule])).toEqual([]);
  });
});
