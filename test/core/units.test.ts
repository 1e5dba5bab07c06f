import test from 'ava'
import fc from 'fast-check'
import { P2pShareError, parseDuration, parseRate, parseRatio, parseSize } from '../../src/core/index.ts'

const invalid = { instanceOf: P2pShareError, code: 'ERR_INVALID_ARGUMENT' }

const sizes: Record<string, number> = {
  '0': 0,
  '4096': 4096,
  '256K': 262_144,
  '256k': 262_144,
  '256KiB': 262_144,
  '256kB': 256_000,
  '1.5M': 1_572_864,
  '1.5MB': 1_500_000,
  '2 GiB': 2_147_483_648,
  '1T': 1_099_511_627_776,
  '1 TB': 1_000_000_000_000,
  '12B': 12,
}

for (const [text, sizeBytes] of Object.entries(sizes))
  test(`${text} is ${sizeBytes} bytes`, t => {
    t.is(parseSize(text, '--piece-size'), sizeBytes)
  })

for (const text of [
  '',
  'K',
  '-1',
  '1e9',
  '1,5M',
  '12Q',
  '12iB',
  '0x10',
  '9007199254740993',
  '9999P',
  'NaN',
  '1 2',
])
  test(`"${text}" is no size, and the error names the option`, t => {
    t.regex(t.throws(() => parseSize(text, '--piece-size'), invalid).message, /^--piece-size: /)
  })

test('a size in any unit is that many of the unit', t => {
  const units = { '': 1, K: 1024, MiB: 1024 ** 2, kB: 1000, GB: 1000 ** 3 }
  const unit = fc.constantFrom(...(Object.keys(units) as (keyof typeof units)[]))
  fc.assert(
    fc.property(fc.nat(8_000_000), unit, (count, name) => {
      t.is(parseSize(`${count}${name}`, 'x'), count * units[name])
    }),
  )
})

test('whatever is written, a size is a whole number of bytes or a typed error', t => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\d.]{1,20}[kKMGTPiIbB /s]{0,4}$/)), text => {
      try {
        const sizeBytes = parseSize(text, 'x')
        return Number.isSafeInteger(sizeBytes) && sizeBytes >= 0
      } catch (error) {
        return error instanceof P2pShareError && error.code === 'ERR_INVALID_ARGUMENT'
      }
    }),
  )
  t.pass()
})

test('a rate may end in /s and is never zero', t => {
  t.is(parseRate('500K', '--upload-limit'), 512_000)
  t.is(parseRate('2MB/s', '--upload-limit'), 2_000_000)
  t.throws(() => parseRate('0', '--upload-limit'), invalid)
  t.throws(() => parseRate('fast', '--upload-limit'), { message: /^--upload-limit: "fast" is not a rate; / })
})

const durations: Record<string, number> = {
  '90': 90_000,
  '90s': 90_000,
  '2h30m': 9_000_000,
  '2h 30m': 9_000_000,
  '1.5h': 5_400_000,
  '1d': 86_400_000,
  '250ms': 250,
  '0': 0,
}

for (const [text, durationMs] of Object.entries(durations))
  test(`${text} lasts ${durationMs} ms`, t => {
    t.is(parseDuration(text, '--seed-time'), durationMs)
  })

for (const text of ['', 'h', '-1s', '1w', '2h30', '99999999999999d', '1:30', 'forever'])
  test(`"${text}" is no duration`, t => {
    t.throws(() => parseDuration(text, '--seed-time'), invalid)
  })

test('hours, minutes and seconds add up', t => {
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(1000), fc.nat(1000), (hours, minutes, seconds) => {
      const expected = ((hours * 60 + minutes) * 60 + seconds) * 1000
      t.is(parseDuration(`${hours}h${minutes}m${seconds}s`, 'x'), expected)
    }),
  )
})

test('a ratio is a number without sign or exponent', t => {
  t.is(parseRatio('2.5', '--seed-ratio'), 2.5)
  t.is(parseRatio('0', '--seed-ratio'), 0)
  for (const text of ['-1', '1e3', 'Infinity', '', '2:1'])
    t.throws(() => parseRatio(text, '--seed-ratio'), invalid, text)
})
