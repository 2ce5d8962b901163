import { toApiSchema } from '../../../composition/api-schema.ts';
import { filterSupergraph } from '../../../composition/contract.ts';
import { createPlannerPairs } from '../../../planning/planner-pairs.ts';
import type { CheckRecord, CheckTask } from '../../../registry/check/check-record.ts';
import type { CheckWindow } from '../../../registry/check/check-window.ts';
import { createComparing } from '../../../registry/check/compare-threads.ts';
import { type Checking, submitCheck } from '../../../registry/check/submit-check.ts';
import type { BuildContract } from '../../../registry/publication/publishing.ts';
import { operation, usage } from '../../../registry/storage/tables.ts';
import { ClosingStack } from '../../../service/run.ts';
import { PLANNING } from '../../support/planning-options.ts';
import { describeText } from './describe-text.ts';
import { ADMINISTRATOR, GRAPH, type OpenRegistry, openRegistry } from './open-registry.ts';

/** A registry that checks, below its edge. */
export interface OpenChecking extends OpenRegistry {
  readonly checking: Checking;
  check(
    subgraph: string,
    sdl: string,
    more?: { variant?: string; window?: Partial<CheckWindow> },
  ): Promise<CheckRecord>;
  /** Counts an operation of a client, as a gateway reports it. */
  report(body: string, more?: Partial<Reported>): Promise<void>;
}

export interface Reported {
  readonly variant: string;
  readonly client: { readonly name: string; readonly version: string };
  readonly count: number;
  readonly day: string;
}

/** When all checks of a test are. */
export const NOW = new Date('2026-11-25T12:00:00Z');

/** All that was used. */
export const WINDOW: CheckWindow = {
  ...{ excludedClients: [], excludedOperationNames: [], ignoredOperations: [], includedVariants: [] },
};

const buildContract: BuildContract = async (supergraphSdl, filter) => {
  const filtered = filterSupergraph(supergraphSdl, filter);
  return 'errors' in filtered ? filtered : { ...filtered, hints: [] };
};

export async function openChecking(url: string, more: Partial<Checking> = {}): Promise<OpenChecking> {
  const stack = new ClosingStack();
  const comparing = stack.add('comparing', createComparing({ threads: 1, queueLength: 100, timeoutMs: 60_000 }));
  const pairs = stack.add('pairs', createPlannerPairs({ ...PLANNING, most: 2 }));
  const registry = stack.add('registry', await openRegistry(url, { buildContract, now: () => NOW }));
  const { publishing, database, current } = registry;
  const checking: Checking = {
    ...{
      publishing,
      comparing,
      pairs,
      usageWindowDays: 7,
      keepDays: 90,
      replay: { operations: 100, budgetMs: 30_000 },
    },
    ...{ onCheck: async () => undefined },
    ...more,
  };
  return {
    ...registry,
    checking,
    check: (subgraph, sdl, { variant = 'current', window = {} } = {}) =>
      submitCheck(checking, {
        ...{ graphId: GRAPH, variant, subgraph, sdl, git: null, actor: ADMINISTRATOR },
        window: { ...WINDOW, ...window },
      }),
    report: async (
      text,
      { variant = 'current', client = { name: 'web', version: '1.2' }, count = 1, day = '2026-11-25' } = {},
    ) => {
      const served = current.get(GRAPH, variant);
      if (served === undefined) throw new TypeError('a gateway serves something');
      const { coordinates, ...described } = describeText(toApiSchema(served.sdl), text);
      const [row] = await database.query
        .insert(operation)
        .values({ ...described, graphId: GRAPH, coordinates: [...coordinates], createdAt: NOW })
        .onConflictDoUpdate({ target: [operation.graphId, operation.hash], set: { name: described.name } })
        .returning({ id: operation.id });
      const { name: clientName, version: clientVersion } = client;
      await database.query
        .insert(usage)
        .values({ operationId: row?.id ?? 0, variant, day, clientName, clientVersion, count });
    },
    close: () => stack.close(),
  };
}

/** A part of a check. @throws {TypeError} when it has none of this kind */
export function taskOf<Kind extends CheckTask['kind']>(
  { tasks }: CheckRecord,
  kind: Kind,
): Extract<CheckTask, { kind: Kind }> {
  const found = tasks.find((task) => task.kind === kind);
  if (found === undefined) throw new TypeError(`the check has no ${kind}`);
  return found as Extract<CheckTask, { kind: Kind }>;
}

/** The changes that a check tells, in short. */
export function changesOf(record: CheckRecord): string[] {
  return taskOf(record, 'operations').changes.map(
    ({ severity, code, coordinate }) => `${severity} ${code} ${coordinate}`,
  );
}
