import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createManifestFileSource } from '../../../gateway/operation/manifest-source.ts';
import { normalizeText } from '../../../gateway/operation/normalize-text.ts';

const FORMAT = 'apollo-persisted-query-manifest';
const manifestOf = (...operations: readonly object[]) => ({ format: FORMAT, version: 1, operations });
const A = { id: 'a', name: 'A', type: 'query', body: 'query A { a }' };

describe('a manifest', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'tributary-manifest-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  let count = 0;
  /** In a directory of its own, by the names of its files. */
  function write(files: Readonly<Record<string, unknown>>): string {
    const root = mkdtempSync(join(directory, `${++count}-`));
    for (const [name, content] of Object.entries(files))
      writeFileSync(join(root, name), typeof content === 'string' ? content : JSON.stringify(content));
    return root;
  }
  const load = (path: string) => createManifestFileSource(path).load();

  it('is read from a file as the tools of Apollo write it, passing over what they add', async () => {
    const file = join(write({ 'm.json': { ...manifestOf({ ...A, extra: true }), generatedBy: 'tool' } }), 'm.json');
    const { manifest, files } = await load(file);
    expect(manifest.byId('a', undefined)).toEqual({ id: 'a', name: 'A', body: 'query A { a }', clientName: undefined });
    expect(files).toEqual([file]);
  });

  it('is read from all the JSON files of a directory, which is watched itself as well', async () => {
    const root = write({
      'two.json': manifestOf({ ...A, id: 'b', body: '{ b }' }),
      'one.json': manifestOf(A),
      'README.md': 'no manifest',
    });
    const { manifest, files } = await load(root);
    expect(manifest.operations.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(files).toEqual([root, join(root, 'one.json'), join(root, 'two.json')]);
  });

  it('finds an operation by client first, then for any client, and for no other client', async () => {
    const ofWeb = { ...A, body: 'query A { web }', clientName: 'web' };
    const onlyOfIos = { ...A, id: 'i', body: 'query A { ios }', clientName: 'ios' };
    const { manifest } = await load(write({ 'm.json': manifestOf(A, ofWeb, onlyOfIos, { ...A, clientName: null }) }));
    expect([undefined, 'web', 'other'].map((client) => manifest.byId('a', client)?.body)).toEqual([
      'query A { a }',
      'query A { web }',
      'query A { a }',
    ]);
    expect([undefined, 'web', 'ios'].map((client) => manifest.byId('i', client)?.body)).toEqual([
      undefined,
      undefined,
      'query A { ios }',
    ]);
  });

  it.each([
    ['is not JSON', '{"format": ', /m\.json is not valid JSON/],
    ['has another format', { format: 'other', version: 1, operations: [] }, /format: must be "apollo-persisted/],
    ['has another version', { format: FORMAT, version: 2, operations: [] }, /version: must be 1/],
    ['has no operations', { format: FORMAT, version: 1 }, /operations: /],
    ['has an operation without a body', manifestOf({ id: 'a' }), /operations\.0\.body/],
    ['has an operation without an id', manifestOf({ ...A, id: '' }), /operations\.0\.id: must not be empty/],
    [
      'has a body that is no GraphQL',
      manifestOf({ ...A, body: 'query A {' }),
      /"a" \(A\): its body is not GraphQL: Syntax Error: Expected Name, found <EOF>\. \(line 1, column 10\)/,
    ],
    ['has two bodies under one id', manifestOf(A, { ...A, body: '{ b }' }), /"a" \(A\): the same id has two bodies/],
  ])('is refused when it %s', async (_, content, message) => {
    const root = write({ 'm.json': content });
    await expect(load(root)).rejects.toMatchObject({
      name: 'ManifestError',
      message: expect.stringMatching(message),
      files: [root, join(root, 'm.json')],
    });
  });

  it('names what is missing', async () => {
    await expect(load(join(directory, 'none.json'))).rejects.toThrow(
      /none\.json does not exist\. Name another with persisted\.safelist\.manifest/,
    );
    await expect(load(write({}))).rejects.toThrow(/has no manifest \(\*\.json\) in it/);
  });
});

describe('the normal form of a text', () => {
  const SAME = [
    'query A { a ...F } fragment F on Query { b(x: "1") }',
    'fragment F on Query { b(x: "1") } query A { a ...F }',
    '# a comment\nquery A {\n  a,\n  ...F\n}\n\nfragment F on Query { b(x: "1"), }',
  ];
  const OTHER = [
    'query A { ...F a } fragment F on Query { b(x: "1") }',
    'query A { a ...F } fragment F on Query { b(x: "2") }',
    'query A { a ...F } fragment F on Query { c: b(x: "1") }',
    'query B { a ...F } fragment F on Query { b(x: "1") }',
    'mutation A { a ...F } fragment F on Query { b(x: "1") }',
  ];

  it('leaves out layout, comments and the order of definitions', () => {
    expect(new Set(SAME.map((text) => normalizeText(text))).size).toBe(1);
  });

  it.each(OTHER)('tells apart %s', (text) => {
    expect(normalizeText(text)).not.toBe(normalizeText(SAME[0] ?? ''));
  });

  it('has none for what is no GraphQL, longer than allowed, or nested deeper than the stack', () => {
    expect(normalizeText('{')).toBeUndefined();
    expect(normalizeText('{ a b c }', 4)).toBeUndefined();
    expect(normalizeText(`${'{a'.repeat(100_000)}${'}'.repeat(100_000)}`)).toBeUndefined();
  });
});
