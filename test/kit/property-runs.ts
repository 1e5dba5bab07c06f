// Loaded before every test file: has the property tests run as often as `npm run fuzz` asks.
const asked = process.env.FC_NUM_RUNS

if (asked !== undefined) {
  const { default: fc } = await import('fast-check')
  fc.configureGlobal({ numRuns: Number(asked) })
}
