import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Completes `package-lock.json` with the builds for other platforms that the registry at hand does not hold.
 *
 * `npm install` leaves an optional dependency out of the lock file when it cannot fetch its description; `npm ci` then
 * refuses the lock file everywhere ("Missing: … from lock file"). An entry with the version and the platform is all
 * that a machine of that platform needs to install its own build.
 */

export interface LockEntry {
  version?: string;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  dev?: boolean;
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
  [other: string]: unknown;
}

export interface LockFile {
  packages: Record<string, LockEntry>;
  [other: string]: unknown;
}

const OPERATING_SYSTEMS = [
  'darwin',
  'linux',
  'win32',
  'freebsd',
  'openbsd',
  'netbsd',
  'android',
  'sunos',
  'aix',
  'openharmony',
];
const PROCESSORS = ['x64', 'arm64', 'arm', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32'];

/** The entries that `lock` lacks, by their path in it. Does not change `lock`. */
export function missingEntries(lock: LockFile): Record<string, LockEntry> {
  const missing: Record<string, LockEntry> = {};
  for (const [parentPath, parent] of Object.entries(lock.packages)) {
    for (const [name, range] of Object.entries(parent.optionalDependencies ?? {})) {
      if (isPresent(lock, parentPath, name)) continue;
      missing[`node_modules/${name}`] = {
        version: range.replace(/^[~^]/, ''),
        ...platformOf(name),
        ...(parent.dev === true ? { dev: true } : {}),
        optional: true,
      };
    }
  }
  return missing;
}

/** Node's own resolution: beside the parent, or in any `node_modules` above it. */
function isPresent(lock: LockFile, parentPath: string, name: string): boolean {
  for (let folder = parentPath; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (`${folder === '' ? '' : `${folder}/`}node_modules/${name}` in lock.packages) return true;
    if (folder === '') return false;
    if (!folder.includes('/node_modules/')) folder = '';
  }
}

/** Platform packages carry their platform in their name; nothing else about them is known without fetching them. */
function platformOf(name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> {
  const words = name
    .replace('windows', 'win32')
    .replace(/\bmacos\b/, 'darwin')
    .split(/[-/@_.]/);
  const os = OPERATING_SYSTEMS.filter((word) => words.includes(word));
  const cpu = PROCESSORS.filter((word) => words.includes(word));
  const libc = words.some((word) => word.startsWith('musl')) ? ['musl'] : [];
  return { ...(os.length > 0 ? { os } : {}), ...(cpu.length > 0 ? { cpu } : {}), ...(libc.length > 0 ? { libc } : {}) };
}

/** The lock file with every missing entry in its place: sorted by path, as npm writes it. */
export function completeLock(lock: LockFile): LockFile {
  const all = Object.entries({ ...lock.packages, ...missingEntries(lock) });
  all.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return { ...lock, packages: Object.fromEntries(all) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = new URL('../package-lock.json', import.meta.url);
  const lock = JSON.parse(readFileSync(path, 'utf8')) as LockFile;
  const added = Object.keys(missingEntries(lock));
  writeFileSync(path, `${JSON.stringify(completeLock(lock), null, 2)}\n`);
  console.log(
    added.length === 0 ? 'The lock file is complete.' : `Added ${added.length} entries:\n  ${added.join('\n  ')}`,
  );
}
