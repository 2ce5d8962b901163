import { describe, expect, it } from '@jest/globals';
import { sharesOf } from './profile.ts';

describe('the shares of a profile', () => {
  it('group self time by file of ours, package, module of Node, collector and native code, without what was idle', () => {
    const frames = [
      ['(root)', ''],
      ['(idle)', ''],
      ['(garbage collector)', ''],
      ['(program)', ''],
      ['writev', ''],
      ['write', 'file:///repo/gateway/execution/write.ts'],
      ['dispatch', 'file:///repo/node_modules/undici/lib/client.js'],
      ['plan', 'file:///repo/node_modules/@apollo/query-planner/dist/plan.js'],
      ['onread', 'node:internal/stream_base_commons'],
    ] as const;
    const nodes = frames.map(([functionName, url], id) => ({ id, callFrame: { functionName, url } }));
    const profile = {
      nodes,
      startTime: 1_000,
      // The first is the module loader's, before the window; the last comes after it.
      samples: [8, 1, 2, 3, 4, 5, 5, 6, 7, 8, 8],
      timeDeltas: [100, 500, 10, 5, 5, 30, 30, 10, 5, 5, 900],
    };
    expect(sharesOf(profile, '/repo', { from: 1_100, to: 1_700 })).toEqual([
      { group: 'gateway/execution/write.ts', share: 0.6 },
      { group: 'garbage collector', share: 0.1 },
      { group: 'package undici', share: 0.1 },
      { group: 'native: outside any function', share: 0.05 },
      { group: 'native: writev', share: 0.05 },
      { group: 'package @apollo/query-planner', share: 0.05 },
      { group: 'node:internal/stream_base_commons', share: 0.05 },
    ]);
  });
});
