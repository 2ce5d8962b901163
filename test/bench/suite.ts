import { measureBeside } from './beside.ts';
import { measureCold, measureLarge } from './extremes.ts';
import { GATEWAYS, type Gateway, isInstalled } from './gateways.ts';
import type { Readings } from './readings.ts';
import { inSession } from './session.ts';
import { measureMemory, measureRounds, startContenders } from './throughput.ts';
import { large } from './workloads/large.ts';
import { w1 } from './workloads/w1.ts';
import { w2 } from './workloads/w2.ts';

/** How long each part of the whole takes. */
export interface Lengths {
  readonly gateways: readonly string[];
  readonly plain: { readonly rounds: number; readonly seconds: number };
  readonly vary: { readonly rounds: number; readonly seconds: number };
  readonly delay: { readonly rounds: number; readonly seconds: number; readonly milliseconds: number } | undefined;
  readonly one: { readonly rounds: number; readonly seconds: number };
  /** Seconds of load before memory is read, besides the rounds. */
  readonly memorySeconds: number;
  readonly cold: { readonly count: number; readonly rounds: number; readonly seconds: number };
  readonly large: { readonly rounds: number; readonly seconds: number };
  readonly beside: { readonly rounds: number; readonly seconds: number };
}

/** At most five minutes: what the targets compare, and no more. */
export const SHORT: Lengths = {
  gateways: [
    'stock',
    'tributary nd',
    'tributary',
    'tributary requests',
    'grafbase nd',
    'grafbase',
    'mercurius jit nd',
    'hive rust-planner requests',
  ],
  plain: { rounds: 3, seconds: 2 },
  vary: { rounds: 2, seconds: 2 },
  delay: undefined,
  one: { rounds: 2, seconds: 1 },
  memorySeconds: 0,
  cold: { count: 5_000, rounds: 1, seconds: 6 },
  large: { rounds: 1, seconds: 4 },
  beside: { rounds: 1, seconds: 4 },
};

/** Some fifty minutes: for RESULTS.md. */
export const FULL: Lengths = {
  gateways: [...GATEWAYS.keys()],
  plain: { rounds: 5, seconds: 6 },
  vary: { rounds: 5, seconds: 5 },
  delay: { rounds: 3, seconds: 5, milliseconds: 5 },
  one: { rounds: 3, seconds: 4 },
  memorySeconds: 60,
  cold: { count: 5_000, rounds: 3, seconds: 120 },
  large: { rounds: 3, seconds: 10 },
  beside: { rounds: 3, seconds: 15 },
};

/** The gateways by name; those of peers that are not installed are left out. */
export function gatewaysNamed(names: readonly string[]): readonly Gateway[] {
  return names.flatMap((name) => {
    const gateway = GATEWAYS.get(name);
    if (gateway === undefined)
      throw new TypeError(`there is no gateway "${name}"; there are ${[...GATEWAYS.keys()].join(', ')}`);
    return isInstalled(gateway) ? [gateway] : [];
  });
}

const CONNECTIONS = 50;
const COLD_RATE = 10;

/** Measures everything that the targets speak of. */
export async function runSuite(lengths: Lengths, readings: Readings, tell: (what: string) => void): Promise<void> {
  const gateways = gatewaysNamed(lengths.gateways);
  const isVaried = (name: string) => !/requests|hive/.test(name);
  const isQuick = (name: string) => /tributary$|tributary nd|grafbase/.test(name);
  for (const workload of [w1, w2]) {
    tell(`${workload.name}: ${workload.title}`);
    await inSession(workload, async (session) => {
      const { name } = workload;
      const all = await startContenders(session, gateways);
      const measure = (load: string, contenders: typeof all, part: Lengths['plain'], connections = CONNECTIONS) =>
        measureRounds(session, contenders, { load, connections, ...part }, readings);
      await measure(name, all, lengths.plain);
      if (lengths.memorySeconds > 0) {
        const part = { rounds: 1, seconds: lengths.memorySeconds };
        await measure(`${name} a minute`, all, part);
      }
      measureMemory(name, all, readings);
      await measure(
        name,
        all.filter((one) => isQuick(one.name)),
        lengths.one,
        1,
      );
      await session.tell('vary/on');
      await measure(
        `${name} vary`,
        all.filter((one) => isVaried(one.name)),
        lengths.vary,
      );
      await session.tell('vary/off');
      if (lengths.delay !== undefined) {
        await session.tell(`delay/${lengths.delay.milliseconds}`);
        await measure(`${name} delay`, all, lengths.delay);
      }
    });
  }
  const named = (...names: readonly string[]) => gateways.filter(({ name }) => names.includes(name));
  tell('cold operations');
  await inSession(w1, async (session) => {
    const options = { connections: CONNECTIONS, ...lengths.cold };
    await measureCold(session, named('stock', 'tributary'), options, readings);
  });
  tell('large answers');
  await inSession(large, (session) =>
    measureLarge(session, named('stock', 'tributary nd', 'grafbase nd'), lengths.large, readings),
  );
  tell('hot traffic beside cold operations');
  await inSession(w1, async (session) => {
    await measureBeside(session, named('stock', 'tributary nd'), { coldRate: COLD_RATE, ...lengths.beside }, readings);
  });
}
