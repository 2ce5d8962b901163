import { createEvents, type Events } from '../../service/events.ts';
import { createLog } from '../../service/logs.ts';
import { ClosingStack } from '../../service/run.ts';
import { type RunningSubgraphs, SUBGRAPH_NAMES, startSubgraphs } from '../../subgraphs/start-all.ts';

/** The four subgraphs with demo data, on free ports, in this process. @param given where they tell their events; closed by whoever gave it */
export async function startTestSystem(
  databaseUrl: string,
  given?: Events,
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningSubgraphs> {
  const stack = new ClosingStack();
  const events = given ?? stack.add('events', createEvents({ log: createLog('test', 'silent') }));
  const options = SUBGRAPH_NAMES.flatMap((name) => [
    [`${name.toUpperCase()}_HTTP_PORT`, '0'],
    [`${name.toUpperCase()}_LOG_LEVEL`, 'silent'],
  ]);
  const subgraphs = stack.add(
    'subgraphs',
    await startSubgraphs({ SEED: 'demo', ...Object.fromEntries(options), ...environment }, { databaseUrl, events }),
  );
  return { ...subgraphs, close: () => stack.close() };
}
