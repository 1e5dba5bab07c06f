import test from 'ava'
import fc from 'fast-check'
import {
  blockArriving,
  blockFree,
  blockReceived,
  blockRequested,
  PieceDownload,
} from '../../../../../src/swarm/engine/native/torrent/piece-download.ts'

const blockLength = 16_384

function downloadOf(length: number): PieceDownload {
  const memory = new SharedArrayBuffer(16)
  return new PieceDownload(0, length, { id: 0, memory, bytes: Buffer.from(memory) })
}

test('a piece has a block for each 16 KiB, and the last is what remains', t => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), length => {
      const download = downloadOf(length)
      let sum = 0
      for (let block = 0; block < download.blocks; block++) {
        t.true(download.lengthOf(block) > 0 && download.lengthOf(block) <= blockLength)
        sum += download.lengthOf(block)
      }
      t.is(sum, length)
    }),
  )
})

interface Model {
  state: number[]
  owner: number[]
}

type Step = (model: Model, download: PieceDownload) => void

const block = fc.nat(6)
const peer = fc.integer({ min: 1, max: 3 })
/** What may be done with a block, given its state, as its callers do it. */
const steps = fc.oneof(
  fc.tuple(block, peer).map(
    ([at, who]): Step =>
      (model, download) => {
        if (model.state[at] !== blockFree && model.state[at] !== blockRequested) return
        download.request(at, who)
        model.state[at] = blockRequested
        model.owner[at] = who
      },
  ),
  fc.tuple(block, peer).map(
    ([at, who]): Step =>
      (model, download) => {
        if (model.state[at] !== blockFree && model.state[at] !== blockRequested) return
        download.arriving(at, who)
        model.state[at] = blockArriving
        model.owner[at] = who
      },
  ),
  block.map(
    (at): Step =>
      (model, download) => {
        if (model.state[at] !== blockArriving) return
        download.receive(at)
        model.state[at] = blockReceived
      },
  ),
  block.map(
    (at): Step =>
      (model, download) => {
        download.release(at)
        model.state[at] = blockFree
        model.owner[at] = -1
      },
  ),
  fc.constant<Step>((model, download) => {
    download.restart()
    model.state.fill(blockFree)
    model.owner.fill(-1)
  }),
)

test('its counts and its next block are those of a plain list, whatever is done with it', t => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 60 }), done => {
      const download = downloadOf(6 * blockLength + 1)
      const model: Model = { state: Array(7).fill(blockFree), owner: Array(7).fill(-1) }
      for (const step of done) {
        step(model, download)
        const count = (state: number) => model.state.filter(one => one === state).length
        t.deepEqual(
          {
            states: model.state.map((_, at) => download.stateOf(at)),
            owners: model.owner.map((_, at) => download.ownerOf(at)),
            free: download.free,
            underway: download.underway,
            isComplete: download.isComplete,
            isUntouched: download.isUntouched,
            next: download.nextFree(),
          },
          {
            states: model.state,
            owners: model.owner,
            free: count(blockFree),
            underway: count(blockRequested) + count(blockArriving),
            isComplete: count(blockReceived) === 7,
            isUntouched: count(blockFree) === 7,
            next: model.state.indexOf(blockFree),
          },
        )
      }
    }),
  )
})

test('a piece that one source claims has nothing for others, and is complete when it is delivered', t => {
  const download = downloadOf(3 * blockLength)
  download.claim(-5)
  t.deepEqual([download.free, download.nextFree(), download.underway], [0, -1, 3])
  t.false(download.isAskedOf(0, -5), 'it is arriving, not asked for')
  download.deliver(-5, 'https://seed.example/')
  t.true(download.isComplete)
  t.deepEqual([...download.senders], [[-5, 'https://seed.example/']])
  download.restart()
  t.deepEqual([download.free, download.isClaimed, download.senders.size], [3, false, 0])
})
