import { describe, expect, it } from '@jest/globals';
import { GATEWAYS } from './gateways.ts';
import { LOADS, readOptions, USAGE, UsageError } from './options.ts';

const messageOf = (...args: readonly string[]) => {
  try {
    readOptions(args);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'no error';
};

describe('the command line of the benchmark', () => {
  it('has defaults for everything', () => {
    expect(readOptions([])).toMatchObject({ rounds: 3, connections: 50, reloads: 200, delayMs: 0, isHelp: false });
  });

  it('takes names that are separated by commas', () => {
    const options = readOptions(['--workload', 'w1,cold', '--gateways', 'stock, tributary nd']);
    expect(options).toMatchObject({ workloads: ['w1', 'cold'], gateways: ['stock', 'tributary nd'] });
  });

  it.each([
    { wrong: ['--nonsense'], message: "Unknown option '--nonsense'" },
    { wrong: ['w1'], message: "Unexpected argument 'w1'" },
    { wrong: ['--rounds'], message: "Option '--rounds <value>' argument missing" },
    { wrong: ['--workload', 'w1', '--rounds', 'many'], message: '--rounds: must be a whole number from 1, not "many"' },
    { wrong: ['--workload', 'w1', '--seconds', '0'], message: '--seconds: must be a whole number from 1, not "0"' },
    { wrong: ['--seconds', '600'], message: '--seconds: does not go with the short and the long form' },
    { wrong: ['--full', '--workload', 'w1'], message: '--full: does not go with --workload or --gateways' },
    { wrong: ['--compare', 'HEAD', '--vary'], message: '--vary: does not go with --compare' },
    { wrong: ['--profile', 'w1', '--check'], message: '--check: does not go with --profile' },
    { wrong: ['--markdown', '/nowhere/run.md'], message: '--markdown: there is no folder /nowhere' },
    { wrong: ['--workload', 'w3'], message: '--workload: there is no "w3" here; there are w1, w2, one, ' },
    { wrong: ['--workload', 'w1,'], message: '--workload: there is no "" here; there are ' },
    { wrong: ['--gateways', 'apollo'], message: '--gateways: there is no "apollo" here; there are stock, ' },
    { wrong: ['--profile', 'cold'], message: '--profile: there is no "cold" here; there are w1, ' },
    {
      wrong: ['--compare', 'HEAD', '--workload', 'hot'],
      message: '--workload: there is no "hot" here; there are w1, ',
    },
    {
      wrong: ['--workload', 'soak', '--gateways', 'stock'],
      message: '--gateways: there is no "stock" here; there are t',
    },
    {
      wrong: ['--workload', 'soak all', '--gateways', 'tributary'],
      message: '--gateways: does not go with soak all, which has its own',
    },
    {
      wrong: ['--workload', 'adversarial', '--gateways', 'stock'],
      message: '--gateways: there is no "stock" here; there are t',
    },
    {
      wrong: ['--workload', 'guard', '--gateways', 'stock'],
      message: '--gateways: there is no "stock" here; there are t',
    },
  ])('says in one line what is wrong with $wrong', ({ wrong, message }) => {
    expect(messageOf(...wrong).slice(0, message.length)).toBe(message);
    expect(messageOf(...wrong)).not.toContain('\n');
  });

  it('names every workload and every gateway in its usage', () => {
    for (const name of [...LOADS.keys(), ...GATEWAYS.keys()]) expect(USAGE).toContain(`    ${name}`);
  });
});
