import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { completeLock, type LockFile, missingEntries } from '../../scripts/lock.ts';

const committed = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as LockFile;

describe('the lock file', () => {
  it('has an entry for every build of every platform, so that npm ci works everywhere', () => {
    expect(missingEntries(committed)).toEqual({});
  });

  it('gets an entry, with its platform, for a build that npm could not fetch', () => {
    const lock: LockFile = {
      packages: {
        'node_modules/tool': {
          dev: true,
          optionalDependencies: { '@tool/cli-darwin-arm64': '1.2.3', 'tool-win32-x64': '^1.2.3' },
        },
        'node_modules/tool-win32-x64': { version: '1.2.4' },
      },
    };
    expect(completeLock(lock).packages['node_modules/@tool/cli-darwin-arm64']).toEqual({
      version: '1.2.3',
      os: ['darwin'],
      cpu: ['arm64'],
      dev: true,
      optional: true,
    });
    expect(completeLock(lock).packages['node_modules/tool-win32-x64']).toEqual({ version: '1.2.4' });
  });

  it('names no registry host', () => {
    expect(Object.values(committed.packages).filter((entry) => 'resolved' in entry)).toEqual([]);
  });
});
