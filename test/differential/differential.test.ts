import { describe, expect, it } from '@jest/globals';
import { report } from './report.ts';
import { runDifferential } from './run.ts';

/**
 * Random operations on random graphs: the engine over the subgraphs must answer what one schema over the same data answers.
 * Every day has a seed of its own. `DIFFERENTIAL_SEED`, `DIFFERENTIAL_CASES` and `DIFFERENTIAL_GRAPH` run others, or more.
 */

const { DIFFERENTIAL_SEED, DIFFERENTIAL_CASES, DIFFERENTIAL_GRAPH } = process.env;
const seed = Number(DIFFERENTIAL_SEED ?? new Date().toISOString().slice(0, 10).replaceAll('-', ''));
const cases = Number(DIFFERENTIAL_CASES ?? 600);
const firstGraph = Number(DIFFERENTIAL_GRAPH ?? 0);

describe('the engine and one merged schema', () => {
  it(
    `answer ${cases} random operations the same (DIFFERENTIAL_SEED=${seed})`,
    async () => {
      process.stdout.write(`differential test: DIFFERENTIAL_SEED=${seed} DIFFERENTIAL_CASES=${cases}\n`);
      const failures = await runDifferential({ seed, cases, firstGraph });
      expect(failures.map((failure) => report(seed, failure)).join('\n')).toBe('');
    },
    60_000 + cases * 200,
  );
});
