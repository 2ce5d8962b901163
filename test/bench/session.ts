import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, compare } from './answers.ts';
import { atExit } from './at-exit.ts';
import type { Gateway } from './gateways.ts';
import { type Graph, writeGraph } from './graph.ts';
import { GATEWAY_CORE, LOAD_CORE, type RunningProcess, startPinned } from './process.ts';
import type { Workload } from './workloads/workload.ts';

/** A gateway that runs and has answered rightly. */
export interface Contender {
  readonly gateway: Gateway;
  readonly name: string;
  readonly process: RunningProcess;
  /** What its clients bring, if they bring any. */
  readonly tokens: readonly string[] | undefined;
}

/** A workload with its subgraphs under way. */
export interface Session {
  readonly workload: Workload;
  readonly directory: string;
  readonly graph: Graph;
  /** Where the subgraphs are. */
  readonly port: string;
  /** Starts a gateway and compares its answer with that of the first one started here. It runs until `close`. */
  start(gateway: Gateway, cores?: string): Promise<Contender>;
  /** Starts a gateway that has answered nothing yet. */
  startUnasked(gateway: Gateway, cores?: string): Promise<RunningProcess>;
  /** Throws unless the gateway's answer is that of the first one. @param token of who asks */
  check(url: string, name: string, token?: string): Promise<string>;
  /** Throws unless the contender still gives the answer of the first one. */
  recheck(contender: Contender): Promise<void>;
  /** Sets the subgraphs, or asks them: `vary/on`, `delay/5`, `keep/on`, `count`, `busy`. */
  tell(what: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts the subgraphs of a workload on the load core and writes its graph into a temporary folder. */
export async function openSession(workload: Workload): Promise<Session> {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-bench-'));
  const remove = atExit(() => rmSync(directory, { recursive: true, force: true }));
  const subgraphs = await startPinned(LOAD_CORE, {
    command: ['node', 'test/bench/subgraphs.ts', workload.name],
    address: /listening (\d+)/,
  });
  const graph = writeGraph(workload, subgraphs.url, directory);
  const running = new Set<RunningProcess>([subgraphs]);
  let reference: string | undefined;

  const check = async (url: string, name: string, token?: string) => {
    const answer = await ask(url, workload.query, name, token);
    reference ??= answer;
    compare(answer, reference, name);
    return answer;
  };
  const startUnasked = async (gateway: Gateway, cores = GATEWAY_CORE) => {
    const process = await startPinned(cores, await gateway.launch(graph));
    running.add(process);
    return process;
  };
  return {
    workload,
    directory,
    graph,
    port: subgraphs.url,
    startUnasked,
    check,
    start: async (gateway, cores) => {
      const process = await startUnasked(gateway, cores);
      try {
        const tokens = await gateway.tokens?.();
        await check(process.url, gateway.name, tokens?.[0]);
        return { gateway, name: gateway.name, process, tokens };
      } catch (error) {
        await process.close();
        throw error;
      }
    },
    recheck: async ({ process, name, tokens }) => void (await check(process.url, name, tokens?.[0])),
    tell: async (what) => (await fetch(`http://127.0.0.1:${subgraphs.url}/${what}`)).text(),
    close: async () => {
      for (const one of running) await one.close();
      remove();
    },
  };
}

/** Runs `work` in a session that is closed whatever happens. */
export async function inSession(workload: Workload, work: (session: Session) => Promise<void>): Promise<void> {
  const session = await openSession(workload);
  try {
    await work(session);
  } finally {
    await session.close();
  }
}
