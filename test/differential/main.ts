import { report } from './report.ts';
import { runDifferential } from './run.ts';

/** The differential test for a long evening, without Jest: `node test/differential/main.ts 100000 7` runs 100,000 cases of seed 7. */

const [cases = 1000, seed = 1, firstGraph = 0] = process.argv.slice(2).map(Number);
const begun = performance.now();
let told = 0;

const failures = await runDifferential({
  seed,
  cases,
  firstGraph,
  mostFailures: 20,
  onProgress: (done) => {
    if (done - told < 1000) return;
    told = done;
    const megabytes = Math.round(process.memoryUsage().rss / 1e6);
    process.stdout.write(
      `${done} cases, ${((performance.now() - begun) / done).toFixed(1)} ms each, ${megabytes} MB\n`,
    );
  },
});
for (const failure of failures) process.stdout.write(`${report(seed, failure)}\n\n`);
process.stdout.write(`seed ${seed}: ${failures.length} graphs with a difference\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
