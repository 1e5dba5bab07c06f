export interface MjpegFilm {
  readonly width: number
  readonly height: number
  readonly framesPerSecond: number
  /** JPEG files, one a frame. */
  readonly frames: readonly Uint8Array[]
}

const hasIndex = 0x10
const isKeyFrame = 0x10

/** A silent AVI file as small cameras write it: Motion JPEG, every frame a whole picture, an index at the end. */
export function mjpegAvi({ width, height, framesPerSecond, frames }: MjpegFilm): Buffer {
  const largest = Math.max(...frames.map(({ length }) => length))
  const avih = numbers(
    [Math.round(1e6 / framesPerSecond), largest * framesPerSecond, 0, hasIndex, frames.length],
    [0, 1, largest, width, height, 0, 0, 0, 0],
  )
  const strh = Buffer.concat([
    Buffer.from('vidsMJPG'),
    numbers(
      [0, 0, 0, 1, framesPerSecond, 0, frames.length, largest, 0xffffffff, 0],
      [0, width | (height << 16)],
    ),
  ])
  const strf = Buffer.concat([
    numbers([40, width, height, 1 | (24 << 16)]),
    Buffer.from('MJPG'),
    numbers([width * height * 3, 0, 0, 0, 0]),
  ])
  const stream = list('strl', [chunk('strh', strh), chunk('strf', strf)])
  const pictures = frames.map(frame => chunk('00dc', frame))
  let at = 4
  const index = pictures.map((picture, number) => {
    const entry = Buffer.concat([Buffer.from('00dc'), numbers([isKeyFrame, at, frames[number]!.length])])
    at += picture.length
    return entry
  })
  const headers = list('hdrl', [chunk('avih', avih), stream])
  return list('AVI ', [headers, list('movi', pictures), chunk('idx1', Buffer.concat(index))], 'RIFF')
}

function chunk(type: string, data: Uint8Array): Buffer {
  const padding = Buffer.alloc(data.length & 1)
  return Buffer.concat([Buffer.from(type), numbers([data.length]), data, padding])
}

function list(kind: string, chunks: readonly Uint8Array[], type = 'LIST'): Buffer {
  return chunk(type, Buffer.concat([Buffer.from(kind), ...chunks]))
}

/** 32-bit numbers, little-endian. */
function numbers(...rows: readonly (readonly number[])[]): Buffer {
  const values = rows.flat()
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4)
  return bytes
}
