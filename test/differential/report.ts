import type { Failure } from './run.ts';

/** Everything that is needed to see a difference again, and to make a test of it. */
export function report(seed: number, { graph, running, operation, expected, received }: Failure): string {
  const show = (answer: unknown) => (typeof answer === 'string' ? answer : JSON.stringify(answer));
  return [
    `The answers differ. Run it again with:`,
    `  DIFFERENTIAL_SEED=${seed} DIFFERENTIAL_GRAPH=${graph} DIFFERENTIAL_CASES=25 npm run jest -- test/differential`,
    ...running.sdls.map((sdl, subgraph) => `--- subgraph s${subgraph}\n${sdl}`),
    `--- operation\n${operation.query}\nvariables ${JSON.stringify(operation.variables)}`,
    `--- one schema answers\n${show(expected)}`,
    `--- the engine answers\n${show(received)}`,
  ].join('\n');
}
