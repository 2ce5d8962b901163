import { parseArgs } from 'node:util';
import { EXPLAIN, LONGEST_MS, signExplain } from '../gateway/guard/may-explain.ts';

/** Makes a header with which a request is explained: `npm run explain -- [--minutes N]`. */

const MOST_MINUTES = LONGEST_MS / 60_000;
const USAGE = `Usage: GATEWAY_EXPLAIN_KEY=… npm run explain -- [--minutes N]

Makes the header ${EXPLAIN}: who sends it gets \`extensions.explain\` with an answer, for N minutes (default 10, at most ${MOST_MINUTES}).
GATEWAY_EXPLAIN_KEY is the gateway's \`explain.key\`.`;

try {
  const { values } = parseArgs({
    options: { minutes: { type: 'string', default: '10' }, help: { type: 'boolean', default: false } },
  });
  const { GATEWAY_EXPLAIN_KEY: key = '' } = process.env;
  const minutes = Number(values.minutes);
  if (values.help) console.log(USAGE);
  else if (!Number.isInteger(minutes) || minutes < 1 || minutes > MOST_MINUTES)
    throw new TypeError(`--minutes must be a whole number from 1 to ${MOST_MINUTES}.`);
  else if (key.length < 16) throw new TypeError('GATEWAY_EXPLAIN_KEY must have at least 16 characters.');
  // A little less than it may: clocks differ.
  else console.log(`${EXPLAIN}: ${signExplain(key, Math.floor(Date.now() / 1_000) + minutes * 60 - 1)}`);
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  process.exitCode = 1;
}
