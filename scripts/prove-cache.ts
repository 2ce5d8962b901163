import { parseArgs } from 'node:util';
import { type Asker, openGraph } from './prove/graph.ts';
import { lookForLeaks } from './prove/leaks.ts';
import { createRandom } from './prove/random.ts';
import { readOperations, UsageError } from './prove/read-operations.ts';

/** The leak kit as a command: `npm run cache:prove -- …`. */

const USAGE = `Usage: npm run cache:prove -- --url URL --as NAME=TOKEN [--as NAME=TOKEN …] --operations DIR [options]

Asks a running graph as several people, and as nobody in particular, and looks for answers that are another's.
The queries must not change anything, and at least one must be about who asks.

  --url URL             where GraphQL is, such as http://127.0.0.1:4000/graphql
  --as NAME=TOKEN       someone, with an access token; anonymous is always there
  --operations DIR      a folder of NAME.graphql, each one query, with NAME.variables.json where it has variables
  --invalidate-key KEY  the key of the gateway's POST /invalidate (cache.invalidation.key), to invalidate in between
  --admin URL           where that is (default: http, the host of --url, port 4090)
  --rounds N            how many bursts of 1 to 8 requests (default: 200)
  --seed N              repeats the choices of a run (default: by chance, and told)
  --help

Ends with 0 when no answer was another's, 1 when one was (it says which operation, who got it and whose it was), and
2 when it could not be tried.`;

interface Arguments {
  readonly url: string;
  readonly operations: string;
  readonly askers: readonly Asker[];
  readonly adminUrl: string;
  readonly invalidateKey: string | undefined;
  readonly rounds: number;
  readonly seed: number;
}

function readArguments(): Arguments | 'help' {
  const { values } = parse();
  if (values.help) return 'help';
  const { url = '', operations, admin, 'invalidate-key': invalidateKey } = values;
  const host = toUrl('--url', url).hostname;
  if (operations === undefined) throw new UsageError('--operations is missing.');
  if (admin !== undefined && invalidateKey === undefined)
    throw new UsageError('--admin is for invalidating, which needs --invalidate-key.');
  const askers: Asker[] = (values.as ?? []).map((text) => {
    const [, name, token] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
    // Not shown: it may be a token.
    if (name === undefined || token === undefined) throw new UsageError('--as must be NAME=TOKEN.');
    return { name, token };
  });
  if (askers.length === 0) throw new UsageError('--as is missing: there is nobody to be told apart.');
  askers.push({ name: 'anonymous', token: undefined });
  const twice = askers.find(({ name }, index) => askers.findIndex((other) => other.name === name) < index);
  if (twice !== undefined) throw new UsageError(`--as: there are two who are called "${twice.name}".`);
  const rounds = toCount('--rounds', values.rounds ?? '200');
  if (rounds === 0) throw new UsageError('--rounds must be at least 1.');
  return {
    ...{ url, operations, invalidateKey, askers, rounds },
    adminUrl: toUrl('--admin', admin ?? `http://${host}:4090`).href.replace(/\/$/, ''),
    seed: toCount('--seed', values.seed ?? String(Math.floor(Math.random() * 2 ** 31))),
  };
}

function parse() {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      options: {
        ...{ url: text, operations: text, admin: text, 'invalidate-key': text, rounds: text, seed: text },
        as: { type: 'string', multiple: true },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function toUrl(option: string, text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UsageError(`${option} must be an address: http://… or https://…`);
  return url;
}

function toCount(option: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`${option} must be a number.`);
  return Number(text);
}

async function prove(given: Arguments): Promise<number> {
  const { operations: folder, askers, rounds, seed } = given;
  const operations = readOperations(folder);
  const graph = await openGraph(given);
  const names = (named: readonly { readonly name: string }[]) => named.map(({ name }) => name).join(', ');
  console.log(`Operations: ${names(operations)}. Who asks: ${names(askers)}. --seed ${seed}`);
  const { leaks, answers, telling } = await lookForLeaks({
    graph,
    operations,
    askers,
    rounds,
    random: createRandom(seed),
  });
  for (const { operation, asker, owner, answer } of leaks)
    console.log(`LEAK: ${operation}: ${asker} got the answer of ${owner}: ${answer.slice(0, 200)}`);
  if (leaks.length > 0) return 1;
  console.log(`No answer of ${answers} was another's. Operations that tell people apart: ${telling.join(', ')}.`);
  return 0;
}

try {
  const given = readArguments();
  if (given === 'help') console.log(USAGE);
  else process.exitCode = await prove(given);
} catch (error) {
  // Whatever it is: 1 means a leak.
  console.error(error instanceof UsageError ? `${error.message}\n\n${USAGE}` : error);
  process.exitCode = 2;
}
