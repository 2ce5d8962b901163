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
  --admin URL           the gateway's admin port, such as http://127.0.0.1:4090, to invalidate in between
  --invalidate-key KEY  the key of its POST /invalidate (cache.invalidation.key)
  --rounds N            how many bursts of 1 to 8 requests (default: 200)
  --seed N              repeats the choices of a run (default: by chance, and told)
  --help

Ends with 0 when no answer was another's, 1 when one was (it says which operation, who got it and whose it was), and
2 when it could not be tried.`;

interface Arguments {
  readonly url: string;
  readonly operations: string;
  readonly askers: readonly Asker[];
  readonly adminUrl: string | undefined;
  readonly invalidateKey: string | undefined;
  readonly rounds: number;
  readonly seed: number;
}

function readArguments(): Arguments | 'help' {
  const { values } = parse();
  if (values.help) return 'help';
  const { url, operations, admin, 'invalidate-key': invalidateKey } = values;
  if (url === undefined || !URL.canParse(url)) throw new UsageError('--url must be an address.');
  if (operations === undefined) throw new UsageError('--operations is missing.');
  if ((admin === undefined) !== (invalidateKey === undefined))
    throw new UsageError('--admin and --invalidate-key are needed together.');
  const askers = (values.as ?? []).map((text) => {
    const [, name, token] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
    // Not shown: it may be a token.
    if (name === undefined || token === undefined) throw new UsageError('--as must be NAME=TOKEN.');
    return { name, token };
  });
  if (askers.length === 0) throw new UsageError('--as is missing: there is nobody to be told apart.');
  return {
    ...{ url, operations, invalidateKey },
    adminUrl: admin?.replace(/\/$/, ''),
    askers: [...askers, { name: 'anonymous', token: undefined }],
    rounds: toCount('--rounds', values.rounds ?? '200'),
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

function toCount(option: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`${option} must be a number.`);
  return Number(text);
}

async function prove(given: Arguments): Promise<number> {
  const { operations: folder, askers, rounds, seed } = given;
  const operations = readOperations(folder);
  const graph = await openGraph(given);
  console.log(`${operations.length} operations, ${askers.map(({ name }) => name).join(', ')}; --seed ${seed}`);
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
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
