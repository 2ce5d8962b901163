/** After all tests: stops what `global-setup.ts` started. */
export default async function tearDown(): Promise<void> {
  await (globalThis as { tearDownTests?: () => Promise<void> }).tearDownTests?.();
}
