/** Jest in ESM: Node itself strips the types (see test/support/strip-types.js), so stack lines stay exact. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/support/strip-types.js' },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['<rootDir>/test/bench/node_modules/'],
  modulePathIgnorePatterns: ['<rootDir>/test/bench/node_modules/', '<rootDir>/.data/'],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  reporters: ['default', '<rootDir>/test/support/skipped-reporter.js'],
  testSequencer: '<rootDir>/test/support/longest-first.js',
  maxWorkers: 2,
  // A worker that has run half of the files takes longer than Jest's half a second to give back its memory, and would be called leaking.
  workerGracefulExitTimeout: 10_000,
  // For machines that do much else at the same time: nothing here is about speed.
  testTimeout: 60_000,
};
