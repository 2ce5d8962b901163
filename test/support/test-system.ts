import { createEvents } from '../../service/events.ts';
import { createLog } from '../../service/logs.ts';
import { ClosingStack } from '../../service/run.ts';
import { type RunningSubgraphs, SUBGRAPH_NAMES, startSubgraphs } from '../../subgraphs/start-all.ts';

/** The four subgraphs with demo data, on free ports, in this process. */
export async function startTestSystem(databaseUrl: string): Promise<RunningSubgraphs> {
  const stack = new ClosingStack();
  const events = stack.add('events', createEvents({ log: createLog('test', 'silent') }));
  const options = SUBGRAPH_NAMES.flatMap((name) => [
    [`${name.toUpperCase()}_HTTP_PORT`, '0'],
    [`${name.toUpperCase()}_LOG_LEVEL`, 'silent'],
  ]);
  const subgraphs = stack.add(
    'subgraphs',
    await startSubgraphs({ SEED: 'demo', ...Object.fromEntries(options) }, { databaseUrl, events }),
  );
  return { ...subgraphs, close: () => stack.close() };
}
