import test from 'ava'
import fc from 'fast-check'
import { checkPieceLength, defaultPieceLength } from '../../../src/core/torrent/piece-length.ts'

test('the default is the power of two nearest to a 1024th of the size, as create-torrent takes it', t => {
  const expected: [sizeBytes: number, pieceLength: number][] = [
    [0, 16_384],
    [1, 16_384],
    [23_726_566, 16_384],
    [23_726_567, 32_768],
    [100_000_000, 131_072],
    [1_000_000_000, 1_048_576],
    [2 ** 30, 1_048_576],
    [1_518_500_249, 1_048_576],
    [1_518_500_250, 2_097_152],
    [4 * 2 ** 30, 4_194_304],
    [2 ** 40, 4_194_304],
  ]
  for (const [sizeBytes, pieceLength] of expected)
    t.is(defaultPieceLength(sizeBytes), pieceLength, `${sizeBytes}`)
})

test('above 1 TiB pieces grow, so that their hashes still fit into a torrent file', t => {
  for (const sizeBytes of [2 ** 40 + 1, 2 ** 42, 2 ** 43]) {
    const pieceLength = defaultPieceLength(sizeBytes)
    t.notThrows(() => checkPieceLength(pieceLength))
    t.true(Math.ceil(sizeBytes / pieceLength) <= 262_144)
  }
})

test('a default is always a piece length that is allowed', t => {
  fc.assert(
    fc.property(fc.maxSafeNat(), sizeBytes =>
      t.notThrows(() => checkPieceLength(defaultPieceLength(sizeBytes))),
    ),
  )
})

test('only powers of two from 16 KiB to 64 MiB are allowed', t => {
  for (const allowed of [16_384, 32_768, 1 << 20, 64 << 20]) t.notThrows(() => checkPieceLength(allowed))
  for (const refused of [0, -16_384, 1, 8192, 16_385, 1_000_000, 128 << 20, Number.NaN, Infinity, 16_384.5])
    t.throws(() => checkPieceLength(refused), { code: 'ERR_INVALID_ARGUMENT' })
})
