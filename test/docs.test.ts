import { globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { configPage, errorsPage, metricsPage } from '../scripts/docs.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

describe('the documentation', () => {
  it('has every option as the code has it (npm run docs)', () => {
    expect(read('docs/config.md')).toBe(configPage());
  });

  it('has every error code as the code has it (npm run docs)', () => {
    expect(read('docs/errors.md')).toBe(errorsPage());
  });

  it('has every metric as the code has it (npm run docs)', () => {
    expect(read('docs/metrics.md')).toBe(metricsPage());
  });

  it('links only to what is there', () => {
    const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: ROOT })];
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
        .map(([, target = '']) => resolve(ROOT, dirname(page), target))
        .filter((target) => globSync(target.replace(/\/$/, '')).length === 0)
        .map((target) => `${page} → ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('names only files that are there', () => {
    const pages = [
      'README.md',
      'CONTRIBUTING.md',
      'docs/request.md',
      ...globSync('docs/decisions/*.md', { cwd: ROOT }),
    ];
    const missing = pages.flatMap((page) =>
      [
        ...read(page).matchAll(
          /`((?:gateway|service|composition|planning|subgraphs|test|scripts|docs|docker|observability)\/[\w./-]+)`/g,
        ),
      ]
        .map(([, path = '']) => path)
        .filter((path) => globSync(join(ROOT, path.replace(/\/$/, ''))).length === 0)
        .map((path) => `${page} → ${path}`),
    );
    expect(missing).toEqual([]);
  });

  it('names only npm scripts that are there', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = ['README.md', 'CONTRIBUTING.md', 'docs/config.md', 'docs/request.md'].flatMap((page) =>
      [...read(page).matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name),
    );
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
