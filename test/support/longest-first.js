import Sequencer from '@jest/test-sequencer';

/** Short files that take long: on a fresh clone Jest goes by their size and would run them last, alone. */
const LONG = [
  'federation/federation.test.ts',
  'federation/override-labels/labels.test.ts',
  'differential/differential.test.ts',
];

/** As Jest sorts them, but for those. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const isLong = ({ path }) => LONG.some((name) => path.endsWith(name));
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
}
