import { readFileSync } from 'node:fs';

/** Which part of its time each core was busy since `start`, in percent: whether it is the gateway that is measured. */
export function watchCores(): () => readonly number[] {
  const from = readTimes();
  return () =>
    readTimes().map(({ idle, all }, core) => {
      const before = from[core] ?? { idle: 0, all: 0 };
      return all === before.all ? 0 : 100 * (1 - (idle - before.idle) / (all - before.all));
    });
}

/** `/proc/stat`, see proc(5): user, nice, system, idle, iowait, irq, softirq, steal in ticks. */
function readTimes(): readonly { readonly idle: number; readonly all: number }[] {
  return [...readFileSync('/proc/stat', 'utf8').matchAll(/^cpu\d+ (.+)$/gm)].map(([, line = '']) => {
    const times = line.split(' ').slice(0, 8).map(Number);
    return { idle: (times[3] ?? 0) + (times[4] ?? 0), all: times.reduce((sum, time) => sum + time, 0) };
  });
}
