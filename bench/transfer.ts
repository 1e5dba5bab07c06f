import type { BenchOptions, Measurement } from './measurement.ts'
import { offerFile } from './pairs/offer.ts'
import type { Pair } from './pairs/pair-run.ts'
import { Rounds } from './pairs/rounds.ts'
import { Teardown } from './teardown.ts'

const mebibyte = 1024 * 1024

const ours: Pair = { seed: 'p2pshare', leech: 'p2pshare' }
const theirs: Pair = { seed: 'libtorrent', leech: 'libtorrent' }
/** Others as they give to us, with what is aimed at against libtorrent among itself. */
const given: readonly Pair[] = [
  { seed: 'libtorrent', leech: 'p2pshare' },
  { seed: 'webtorrent', leech: 'p2pshare' },
  { seed: 'aria2', leech: 'p2pshare' },
]
const toLibtorrent: Pair = { seed: 'p2pshare', leech: 'libtorrent' }
/** Who takes from us takes at least as fast as from libtorrent. */
const taken: readonly (readonly [one: Pair, other: Pair])[] = (['aria2', 'webtorrent'] as const).map(
  leech => [
    { seed: 'p2pshare', leech },
    { seed: 'libtorrent', leech },
  ],
)
const amongThemselves: readonly Pair[] = (['aria2', 'webtorrent'] as const).map(name => ({
  seed: name,
  leech: name,
}))

/**
 * One seed to one leech over loopback, in every pair that matters, in turns: the content lies in the page cache, the seed has
 * checked it and waits, the leech's folder is empty.
 */
export default async function measureTransfer(options: BenchOptions): Promise<Measurement[]> {
  const sizeBytes = (options.quick ? 64 : 1024) * mebibyte
  await using all = new Teardown()
  const offer = await offerFile(all, sizeBytes)
  const pairs = [ours, theirs, ...given, toLibtorrent, ...taken.flat(), ...amongThemselves]
  const rounds = await Rounds.run(`transfer of ${sizeBytes / mebibyte} MiB`, pairs, offer, options)
  return [
    ...rounds.figures(),
    ...rounds.speedAgainst(ours, theirs, { atLeast: 2 }),
    ...given.flatMap(pair => rounds.speedAgainst(pair, theirs, { atLeast: 1.3 })),
    ...rounds.speedAgainst(toLibtorrent, theirs, { atLeast: 1.3 }),
    ...taken.flatMap(([one, other]) => rounds.speedAgainst(one, other, { atLeast: 1 })),
    ...rounds.cpuAgainst(ours, theirs, { atMost: 1 }),
    ...rounds.ownMemory({ atMost: 200, by: 'max' }),
  ]
}
