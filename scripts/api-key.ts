import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { hashApiKey } from '../gateway/guard/api-keys.ts';

/** Makes an API key for a machine: `npm run api-key -- NAME [--scopes a,b] [--roles c]`. */

const USAGE = `Usage: npm run api-key -- NAME [--scopes a,b] [--roles c,d]

Makes an API key. It is shown once; the gateway's configuration holds its SHA-256 alone.
Scopes and roles are what who has it may do and is: see docs/authentication.md.`;

interface Machine {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
}

/** @throws {TypeError} for what is no usage */
function readArguments(): Machine | 'help' {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      scopes: { type: 'string', default: '' },
      roles: { type: 'string', default: '' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const [name, ...rest] = positionals;
  if (name === undefined || rest.length > 0) throw new TypeError('Give the machine one name.');
  const toWords = (text: string) => text.split(/[\s,]+/).filter((word) => word !== '');
  return { name, scopes: toWords(values.scopes), roles: toWords(values.roles) };
}

function makeKey({ name, scopes, roles }: Machine): void {
  // 256 random bits: nobody guesses them, so a fast hash keeps them as well as a slow one would.
  const key = `tributary_${randomBytes(32).toString('base64url')}`;
  const entry = { sha256: [hashApiKey(key)], scopes, roles };
  console.log(`The key, for the machine:\n\n  ${key}\n\nFor gateway.yaml:\n`);
  console.log(stringify({ authentication: { apiKeys: { [name]: entry } } }));
}

try {
  const machine = readArguments();
  if (machine === 'help') console.log(USAGE);
  else makeKey(machine);
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  process.exitCode = 1;
}
