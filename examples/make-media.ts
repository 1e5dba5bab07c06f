// Draws the clip and the album of examples/media: `node examples/make-media.ts [folder]`.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { elephant, flamingo, giraffe, lion, penguin, zebra } from './media-art/animals.ts'
import { mjpegAvi } from './media-art/mjpeg-avi.ts'
import { type Photo, photoSvg, zooFrameSvg } from './media-art/scenes.ts'

interface AlbumPhoto extends Photo {
  readonly name: string
  readonly takenAt: string
  /** EXIF orientation: how the camera was held. */
  readonly orientation?: 1 | 3 | 6 | 8
  /** Degrees, minutes and seconds north and east. */
  readonly position?: { latitude: string; longitude: string }
}

const large = { width: 800, height: 600 }
const album: readonly AlbumPhoto[] = [
  {
    ...large,
    name: '01 elephants at the gate.jpg',
    takenAt: '2026:05:16 09:41:07',
    sky: 'morning',
    ground: '#a8b86a',
    animals: [
      { animal: elephant, x: 0.35, scale: 1.1 },
      { animal: elephant, x: 0.72, scale: 0.6, step: 0.4 },
    ],
    position: { latitude: '52/1 30/1 2880/100', longitude: '13/1 20/1 1560/100' },
  },
  {
    ...large,
    name: '02 Zébra.jpg',
    takenAt: '2026:05:16 10:02:55',
    sky: 'noon',
    ground: '#c9b458',
    animals: [
      { animal: zebra, x: 0.3, scale: 1 },
      { animal: zebra, x: 0.68, scale: 1.15, step: 0.6 },
    ],
  },
  {
    width: 600,
    height: 800,
    name: '03 giraffe upright 🦒.jpg',
    takenAt: '2026:05:16 10:30:18',
    orientation: 6,
    sky: 'noon',
    ground: '#8fb26b',
    animals: [{ animal: giraffe, x: 0.45, scale: 1.15 }],
    position: { latitude: '52/1 30/1 2915/100', longitude: '13/1 20/1 1702/100' },
  },
  {
    ...large,
    name: '04 lion, waiting.jpg',
    takenAt: '2026:05:16 11:12:40',
    sky: 'evening',
    ground: '#c98f4a',
    animals: [{ animal: lion, x: 0.5, scale: 1.4 }],
  },
  {
    ...large,
    name: 'by the water/05 flamingos.jpg',
    takenAt: '2026:05:16 13:20:03',
    sky: 'noon',
    ground: '#7fb8c9',
    animals: [
      { animal: flamingo, x: 0.2, scale: 0.9 },
      { animal: flamingo, x: 0.42, scale: 1.1, step: 0.5 },
      { animal: flamingo, x: 0.7, scale: 0.8, step: 0.8 },
    ],
  },
  {
    ...large,
    name: 'by the water/06 penguins upside down.jpg',
    takenAt: '2026:05:16 13:58:31',
    orientation: 3,
    sky: 'morning',
    ground: '#dfe9ef',
    animals: [
      { animal: penguin, x: 0.25, scale: 1, step: 0.2 },
      { animal: penguin, x: 0.45, scale: 0.8, step: 0.7 },
      { animal: penguin, x: 0.7, scale: 1.1, step: 0.9 },
    ],
  },
  {
    width: 600,
    height: 800,
    name: '07 long neck.jpg',
    takenAt: '2026:05:16 16:45:22',
    orientation: 8,
    sky: 'evening',
    ground: '#9a8a5a',
    animals: [
      { animal: giraffe, x: 0.35, scale: 0.9 },
      { animal: zebra, x: 0.72, scale: 0.6 },
    ],
  },
  {
    ...large,
    name: '08 good night.jpg',
    takenAt: '2026:05:16 21:03:59',
    sky: 'night',
    ground: '#2f4a3f',
    animals: [
      { animal: elephant, x: 0.55, scale: 0.8 },
      { animal: penguin, x: 0.2, scale: 0.6 },
    ],
  },
]

const film = { width: 320, height: 200, framesPerSecond: 15, seconds: 5 }
const turns = { 1: 0, 3: 180, 6: 270, 8: 90 } as const

const folder = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), 'media')
await writeFilm(join(folder, 'zoo.avi'))
for (const photo of album) await writePhoto(join(folder, 'album', photo.name), photo)

async function writeFilm(path: string): Promise<void> {
  const { width, height, framesPerSecond, seconds } = film
  const frames: Uint8Array[] = []
  for (let frame = 0; frame < framesPerSecond * seconds; frame++) {
    const svg = zooFrameSvg(width, height, frame / (framesPerSecond * seconds))
    frames.push(
      await sharp(Buffer.from(svg)).flatten().jpeg({ quality: 80, chromaSubsampling: '4:2:0' }).toBuffer(),
    )
  }
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, mjpegAvi({ width, height, framesPerSecond, frames }))
}

async function writePhoto(path: string, photo: AlbumPhoto): Promise<void> {
  const { takenAt, orientation = 1, position } = photo
  await mkdir(dirname(path), { recursive: true })
  const upright = await sharp(Buffer.from(photoSvg(photo)))
    .flatten()
    .png()
    .toBuffer()
  await sharp(upright)
    .rotate(turns[orientation])
    .jpeg({ quality: 85 })
    .withMetadata({ orientation })
    .withExifMerge({
      IFD0: { Make: 'p2pshare', Model: 'Paper Zoo', DateTime: takenAt },
      IFD2: { DateTimeOriginal: takenAt, OffsetTimeOriginal: '+02:00' },
      ...(position && {
        IFD3: {
          GPSLatitudeRef: 'N',
          GPSLatitude: position.latitude,
          GPSLongitudeRef: 'E',
          GPSLongitude: position.longitude,
        },
      }),
    })
    .toFile(path)
}
