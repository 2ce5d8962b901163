/** Jest reporter: one closing line that says how many tests lacked a server, and how to get it. */
export default class SkippedReporter {
  onRunComplete(_contexts, results) {
    if (results.numPendingTests === 0) return;
    console.log(
      `\n${results.numPendingTests} tests were skipped: something they need is not here. For all of them, start Redis and Postgres, or name them with` +
        ' REDIS_URL and DATABASE_URL, and install redis-server, chromium and prometheus.',
    );
  }
}
