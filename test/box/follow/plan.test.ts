import test from 'ava'
import fc from 'fast-check'
import {
  type Held,
  type Plan,
  type PlanLimits,
  plan,
  reasons,
  type Wanted,
} from '../../../src/box/follow/plan.ts'

const nowMs = 1_000_000

const listing = (changes: Partial<Wanted> = {}): Wanted => ({
  key: 'a',
  title: 'Lions',
  sizeBytes: 10,
  seeds: 3,
  listedAt: nowMs,
  origin: 'catalog:zoo',
  ...changes,
})

const item = (changes: Partial<Held> = {}): Held => ({
  key: 'a',
  id: 1,
  name: 'Lions',
  sizeBytes: 10,
  missingBytes: 0,
  origin: 'catalog:zoo',
  ...changes,
})

const roomy: PlanLimits = {
  quotaBytes: undefined,
  freeBytes: 1_000,
  keepFreeBytes: 0,
  maxTransfers: 0,
  maxAgeMs: 0,
  nowMs,
  barred: new Map(),
  isKnown: () => true,
}

const keys = (told: Plan['fetch']) => told.map(({ listing: { key } }) => key)
const dropped = (told: Plan['drop']) => told.map(({ item, why }) => [item.key, why])

test('what fewest seed comes first, what nobody has counted before all others', t => {
  const wanted = [
    listing({ key: 'many', seeds: 90 }),
    listing({ key: 'one', seeds: 1 }),
    listing({ key: 'unknown', seeds: undefined }),
  ]
  t.deepEqual(keys(plan(wanted, [], roomy).fetch), ['unknown', 'one', 'many'])
  t.deepEqual(keys(plan(wanted, [], { ...roomy, quotaBytes: 20 }).fetch), ['unknown', 'one'])
  t.deepEqual(plan(wanted, [], { ...roomy, quotaBytes: 20 }).leftOut, [
    { listing: wanted[0], why: reasons.quota },
  ])
})

test('what does not fit is passed over for what does', t => {
  const wanted = [listing({ key: 'large', sizeBytes: 50, seeds: 0 }), listing({ key: 'small', seeds: 9 })]
  t.deepEqual(keys(plan(wanted, [], { ...roomy, quotaBytes: 20 }).fetch), ['small'])
})

test('the disk keeps its floor, what has still to come counted', t => {
  const wanted = [listing({ key: 'a' }), listing({ key: 'b' })]
  const held = [item({ key: 'c', missingBytes: 5 })]
  const { fetch, leftOut } = plan(wanted, held, { ...roomy, freeBytes: 30, keepFreeBytes: 10 })
  t.deepEqual(keys(fetch), ['a'])
  t.is(leftOut[0]!.why, reasons.disk)
})

test('what is too old is left out, and could go where it is held', t => {
  const old = listing({ listedAt: nowMs - 11 })
  const limits = { ...roomy, maxAgeMs: 10 }
  t.is(plan([old], [], limits).leftOut[0]!.why, reasons.age)
  t.deepEqual(dropped(plan([old], [item()], limits).drop), [['a', reasons.age]])
  t.deepEqual(keys(plan([old], [], { ...limits, maxAgeMs: 11 }).fetch), ['a'])
})

test('what is barred is left out and says why', t => {
  const barred = new Map([['a', 'removed by hand']])
  t.deepEqual(plan([listing()], [], { ...roomy, barred }).leftOut, [
    { listing: listing(), why: 'removed by hand' },
  ])
})

test('of what is more than the quota the best seeded could go, and does not while nobody says so', t => {
  const wanted = [listing({ key: 'a', seeds: 1 }), listing({ key: 'b', seeds: 9 }), listing({ key: 'c' })]
  const held = [item({ key: 'b', id: 2 }), item({ key: 'a' })]
  const kept = plan(wanted, held, { ...roomy, quotaBytes: 10 })
  t.deepEqual(dropped(kept.drop), [['b', reasons.quota]])
  t.deepEqual(keys(kept.fetch), [])
})

test('no more things are mirrored than max_transfers, however small they claim to be', t => {
  const wanted = Array.from({ length: 9 }, (_, index) =>
    listing({ key: `k${index}`, sizeBytes: index % 2 === 0 ? 0 : undefined, seeds: index }),
  )
  const limits = { ...roomy, maxTransfers: 3 }
  const { fetch, leftOut } = plan(wanted, [item()], limits)
  t.deepEqual(keys(fetch), ['k0', 'k1'])
  t.deepEqual([...new Set(leftOut.map(({ why }) => why))], [reasons.count])
  const held = wanted.map(({ key, seeds }) => item({ key, id: seeds!, sizeBytes: 1 }))
  t.deepEqual(dropped(plan(wanted, held, limits).drop)[0], ['k3', reasons.count])
  t.deepEqual(keys(plan(wanted, held, limits, { prunes: true }).fetch), [])
})

test('a catalog that lies about what another one lists does not keep it from being fetched', t => {
  const honest = listing({ origin: 'catalog:honest', seeds: 1, sizeBytes: 10 })
  const lies = [{ sizeBytes: 2 ** 52 }, { seeds: 1_000_000 }, { listedAt: 0 }, { sizeBytes: undefined }]
  for (const lie of lies) {
    const wanted = [listing(lie), honest, listing({ key: 'b', seeds: 2 })]
    const { fetch } = plan(wanted, [], { ...roomy, quotaBytes: 10, maxAgeMs: 100 })
    t.deepEqual(keys(fetch), ['a'], JSON.stringify(lie))
  }
})

test('what is held of a catalog that is not to be found at the moment is kept', t => {
  const held = [item({ origin: 'catalog:gone' }), item({ key: 'b', id: 2 })]
  const limits = { ...roomy, isKnown: (origin: string) => origin !== 'catalog:gone' }
  const told = plan([], held, limits, { prunes: true })
  t.deepEqual(told.keep, [held[0]])
  t.deepEqual(dropped(told.drop), [['b', reasons.notWanted]])
})

const names = fc.constantFrom(...'abcdefghijkl')
const size = fc.integer({ min: 0, max: 40 })
const anyWanted = fc.array(
  fc.record({
    key: names,
    title: fc.constant('t'),
    sizeBytes: fc.option(size, { nil: undefined }),
    seeds: fc.option(fc.nat(5), { nil: undefined }),
    listedAt: fc.integer({ min: nowMs - 20, max: nowMs }),
    origin: fc.constant('o'),
  }),
  { maxLength: 14 },
)
const anyHeld = fc
  .uniqueArray(
    fc.record({ key: names, id: fc.nat(), name: names, sizeBytes: size, missingBytes: size, origin: names }),
    { selector: ({ key }) => key, maxLength: 8 },
  )
  .map(all => all.map(held => ({ ...held, missingBytes: Math.min(held.missingBytes, held.sizeBytes) })))
const anyLimits: fc.Arbitrary<PlanLimits> = fc.record({
  quotaBytes: fc.option(fc.nat(120), { nil: undefined }),
  freeBytes: fc.nat(200),
  keepFreeBytes: fc.nat(60),
  maxTransfers: fc.nat(10),
  maxAgeMs: fc.nat(20),
  nowMs: fc.constant(nowMs),
  barred: fc.array(names, { maxLength: 3 }).map(all => new Map(all.map(key => [key, 'barred']))),
  isKnown: fc.boolean().map(isKnown => () => isKnown),
})

const total = (values: readonly { readonly sizeBytes: number | undefined }[]) =>
  values.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0)

/** The box once a plan was carried out. */
function carriedOut({ fetch, drop }: Plan, held: readonly Held[], prunes: boolean): Held[] {
  const gone = new Set(prunes ? drop.map(({ item }) => item.key) : [])
  const begun = fetch.map(({ listing: { key, title, sizeBytes = 0, origin } }, index) => ({
    ...{ key, id: 1_000 + index, name: title, sizeBytes, missingBytes: sizeBytes, origin },
  }))
  return [...held.filter(({ key }) => !gone.has(key)), ...begun]
}

/** The disk once what was pruned is gone. */
function freed({ drop }: Plan, limits: PlanLimits, prunes: boolean): PlanLimits {
  const bytes = prunes ? drop.reduce((sum, { item }) => sum + item.sizeBytes - item.missingBytes, 0) : 0
  return { ...limits, freeBytes: limits.freeBytes + bytes }
}

test('a plan never goes beyond the quota nor max_transfers, nor below the floor of the disk', t => {
  fc.assert(
    fc.property(anyWanted, anyHeld, anyLimits, fc.boolean(), (wanted, held, limits, prunes) => {
      const told = plan(wanted, held, limits, { prunes })
      const after = carriedOut(told, held, prunes)
      const { quotaBytes = Number.POSITIVE_INFINITY } = limits
      if (told.fetch.length > 0 || (prunes && limits.isKnown('o'))) t.true(total(after) <= quotaBytes)
      if (told.fetch.length > 0 && limits.maxTransfers > 0) t.true(after.length <= limits.maxTransfers)
      if (told.fetch.length === 0) return
      const missing = after.reduce((sum, { missingBytes }) => sum + missingBytes, 0)
      t.true(freed(told, limits, prunes).freeBytes - missing >= limits.keepFreeBytes)
    }),
  )
})

test('a plan is in the order of seeds, and whatever it passes over for want of room would not have fitted', t => {
  fc.assert(
    fc.property(anyWanted, anyHeld, anyLimits, (wanted, held, limits) => {
      const { fetch, leftOut } = plan(wanted, held, limits)
      const seeds = fetch.map(({ listing }) => listing.seeds ?? 0)
      t.deepEqual(
        seeds,
        seeds.toSorted((one, other) => one - other),
      )
      for (const { listing, why } of leftOut) {
        if (why !== reasons.quota) continue
        const before = fetch.filter(other => (other.listing.seeds ?? 0) <= (listing.seeds ?? 0))
        t.true(
          total(held) + total(before.map(one => one.listing)) + (listing.sizeBytes ?? 0) > limits.quotaBytes!,
        )
      }
    }),
  )
})

test('once a plan is carried out there is nothing left to do', t => {
  fc.assert(
    fc.property(anyWanted, anyHeld, anyLimits, fc.boolean(), (listed, held, limits, prunes) => {
      // What was here once is known for its real size, whatever its listing says.
      const sizes = new Map(held.map(({ key, sizeBytes }) => [key, sizeBytes]))
      const wanted = listed.map(one => ({ ...one, sizeBytes: sizes.get(one.key) ?? one.sizeBytes }))
      const first = plan(wanted, held, limits, { prunes })
      const after = carriedOut(first, held, prunes)
      const second = plan(wanted, after, freed(first, limits, prunes), { prunes })
      t.deepEqual(second.fetch, [])
      t.deepEqual(dropped(second.drop).sort(), prunes ? [] : dropped(first.drop).sort())
    }),
  )
})

test('a narrower filter or a smaller quota fetches no more and takes nothing away by itself', t => {
  fc.assert(
    fc.property(
      anyWanted,
      anyHeld,
      anyLimits,
      fc.nat(14),
      fc.nat(120),
      (wanted, held, limits, count, quota) => {
        const narrower = plan(wanted.slice(0, count), held, {
          ...limits,
          quotaBytes: Math.min(quota, limits.quotaBytes ?? quota),
        })
        const after = new Set(carriedOut(narrower, held, false).map(({ key }) => key))
        t.true(held.every(({ key }) => after.has(key)))
        t.is(narrower.keep.length + narrower.drop.length, held.length)
      },
    ),
  )
})

test('everything wanted and held is told of exactly once', t => {
  fc.assert(
    fc.property(anyWanted, anyHeld, anyLimits, (wanted, held, limits) => {
      const { fetch, keep, drop, leftOut } = plan(wanted, held, limits)
      const told = [...fetch, ...leftOut].map(({ listing }) => listing.key)
      const has = [...keep.map(({ key }) => key), ...drop.map(({ item }) => item.key)]
      const known = new Set([...wanted, ...held].map(({ key }) => key))
      t.deepEqual([...told, ...has].sort(), [...known].sort())
    }),
  )
})
