import { type Aim, type BenchOptions, type Measurement, measurement } from '../measurement.ts'
import { Teardown } from '../teardown.ts'
import { isInstalled } from './clients.ts'
import { type Offer, type Pair, type PairRun, runPair } from './pair-run.ts'

const bytesPerGib = 2 ** 30

/** Pairs that were run in turns, as many times each. */
export class Rounds {
  readonly #title: string
  readonly #runs: ReadonlyMap<string, readonly PairRun[]>

  private constructor(title: string, runs: ReadonlyMap<string, readonly PairRun[]>) {
    this.#title = title
    this.#runs = runs
  }

  /** Runs each pair once a round. Pairs with a client that is not installed are left out, and pairs that fail. */
  static async run(
    title: string,
    pairs: readonly Pair[],
    offer: Offer,
    { quick, onFailure }: BenchOptions,
  ): Promise<Rounds> {
    const present = pairs.filter(({ seed, leech }) => isInstalled(seed) && isInstalled(leech))
    for (const pair of pairs.filter(pair => !present.includes(pair)))
      console.log(`${labelOf(pair)} is left out: not installed`)
    const runs = new Map(present.map((pair): [string, PairRun[]] => [labelOf(pair), []]))
    await using folders = new Teardown()
    for (let round = 0; round < (quick ? 1 : 3); round++)
      for (const pair of present.filter(pair => runs.has(labelOf(pair)))) {
        try {
          await runPair(pair, offer, folders).then(run => runs.get(labelOf(pair))!.push(run))
        } catch (error) {
          runs.delete(labelOf(pair))
          onFailure(labelOf(pair), error)
        }
      }
    return new Rounds(title, runs)
  }

  /** Speed, processor time and memory of every pair. */
  figures(): Measurement[] {
    const rows = (what: string, unit: Measurement['unit'], figure: (run: PairRun) => number) =>
      [...this.#runs].map(([label, runs]) =>
        measurement(`${this.#title}${what}`, label, unit, runs.map(figure)),
      )
    return [
      ...rows('', 'MB/s', run => run.megabytesPerSecond),
      ...rows(': seed', 'CPU s', run => run.seed.cpuSeconds),
      ...rows(': leech', 'CPU s', run => run.leech.cpuSeconds),
      ...rows(': both ends, a GiB', 'CPU s', cpuSecondsPerGib),
      ...rows(': seed, peak memory', 'MB', run => run.seed.peakMemoryBytes / 1e6),
      ...rows(': leech, peak memory', 'MB', run => run.leech.peakMemoryBytes / 1e6),
    ]
  }

  /** How many times the speed of another pair one has, round by round. Nothing where either was left out. */
  speedAgainst(one: Pair, other: Pair, aim: Aim): Measurement[] {
    return this.#against(`${this.#title}, speed`, one, other, aim, run => run.megabytesPerSecond)
  }

  cpuAgainst(one: Pair, other: Pair, aim: Aim): Measurement[] {
    return this.#against(`${this.#title}, processor time a GiB`, one, other, aim, cpuSecondsPerGib)
  }

  /** The most memory that our end had, whoever was at the other. */
  ownMemory(aim: Aim): Measurement[] {
    const peaks = (['seed', 'leech'] as const).map(end => {
      const runs = [...this.#runs].filter(
        ([label]) => label.split(' → ')[end === 'seed' ? 0 : 1] === 'p2pshare',
      )
      const samples = runs.flatMap(([, all]) => all.map(run => run[end].peakMemoryBytes / 1e6))
      return measurement(`${this.#title}: most memory of a ${end}`, 'p2pshare', 'MB', samples, aim)
    })
    return peaks.filter(({ samples }) => samples.length > 0)
  }

  #against(title: string, one: Pair, other: Pair, aim: Aim, figure: (run: PairRun) => number): Measurement[] {
    const [ours, theirs] = [this.#runs.get(labelOf(one)), this.#runs.get(labelOf(other))]
    if (!ours || !theirs) return []
    const samples = ours.map((run, round) => figure(run) / figure(theirs[round]!))
    return [measurement(title, `${labelOf(one)} to ${labelOf(other)}`, '×', samples, aim)]
  }
}

function cpuSecondsPerGib({ seed, leech, bytes }: PairRun): number {
  return ((seed.cpuSeconds + leech.cpuSeconds) * bytesPerGib) / bytes
}

function labelOf({ seed, leech }: Pair): string {
  return `${seed} → ${leech}`
}
