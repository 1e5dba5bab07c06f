/** How often a property is tried that needs more or fewer tries than the usual 100; more of them under `npm run fuzz`. */
export function runs(usual: number): number {
  return Math.max(usual, Number(process.env.FC_NUM_RUNS ?? 0))
}
