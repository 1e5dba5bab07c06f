import type { ByteRange } from '../byte-range.ts'
import type { Survey } from '../survey.ts'
import { type Box, boxesOf, freeBox, zeros } from './box.ts'
import { surveyHeifItems } from './heif.ts'
import { movieDate } from './movie-date.ts'
import { surveyKeys, surveyUserData } from './quicktime-tags.ts'
import { surveyTrack } from './quicktime-track.ts'

const xmpUuid = 'be7acfcb97a942e89c71999491e3afac'
const exifUuid = '4a706754696666457869662d3e4a5032'

/** MP4, QuickTime, 3GP, HEIF and AVIF: a file of boxes. */
export async function surveyBmff(range: ByteRange, survey: Survey): Promise<void> {
  const end = await surveyBmffTo(range, survey)
  if (end < range.length && !isPadding(await range.peek(end, 4096))) survey.doubt('data follows its last box')
}

/** Goes through the boxes and says where they end: other data may follow, where the range has more. */
export async function surveyBmffTo(range: ByteRange, survey: Survey): Promise<number> {
  const root = { range, isFragmented: false }
  let end = 0
  for await (const box of boxesOf(range, survey)) {
    if (!/^[\x20-\x7e]{4}$/.test(box.type)) break
    end = box.end
    await survey.attempt(`its ${box.type} box`, () => surveyTopBox(box, root, survey))
  }
  return end
}

/** What is true of the file as a whole. */
interface Root {
  readonly range: ByteRange
  isFragmented: boolean
}

async function surveyTopBox(box: Box, root: Root, survey: Survey): Promise<void> {
  switch (box.type) {
    case 'moov':
      await surveyMovie(box, root, survey)
      break
    case 'meta':
      await surveyMeta(box.data, root, survey)
      break
    case 'uuid':
      await surveyUuid(box.data, survey)
      break
    case 'mpvd':
      await survey.look('bmff', box.data, 'its motion picture')
      break
    case 'udta':
      await surveyUserData(box.data, survey)
      break
    case 'Exif':
      await survey.look('tiff', box.data.slice(4), 'its EXIF')
      break
    case 'xml ':
    case 'XMP_':
      await survey.look('xmp', box.data, 'its XMP')
      break
    case 'free':
    case 'skip':
      // Dashcams log positions in boxes that players pass over.
      if (/^(.{4})?(free)?GPS /s.test((await box.data.peek(0, 12)).toString('latin1')))
        survey.found('QuickTime', zeros(box.data))
      else await survey.look('unknown', box.data, 'its free space')
      break
    case 'mdat':
    case 'idat':
      break
    case 'gps ':
    case 'GPS ':
      survey.foundForGood('QuickTime', 'it holds the log of a dashcam')
      break
    case 'brob':
      survey.doubt('its metadata is compressed with Brotli')
      break
    default:
      await survey.look('unknown', box.data, `its ${box.type} box`)
  }
}

async function surveyMovie(movie: Box, root: Root, survey: Survey): Promise<void> {
  const tracks: Box[] = []
  for await (const box of boxesOf(movie.data, survey, true)) {
    if (box.type === 'trak') tracks.push(box)
    else if (box.type === 'mvex') root.isFragmented = true
    else if (box.type === 'udta') await surveyUserData(box.data, survey)
    else if (box.type === 'cmov') survey.doubt('its movie header is compressed')
    else if (box.type === 'mvhd') survey.madeAt ??= await movieDate(box.data)
    else await surveyTopBox(box, root, survey)
  }
  if (survey.isQuick) return
  for (const track of tracks) {
    for await (const box of boxesOf(track.data, survey, true)) {
      if (box.type === 'udta') await surveyUserData(box.data, survey)
      else if (box.type === 'meta') await surveyMeta(box.data, root, survey)
      else if (box.type === 'uuid') await surveyUuid(box.data, survey)
    }
    await survey.attempt('a track', async () => {
      const samples = await surveyTrack(track.data, root.range, survey)
      if (!samples) return
      if (root.isFragmented)
        survey.foundForGood('metadata track', 'it is fragmented and has a track of positions')
      else
        survey.found(
          'metadata track',
          [...freeBox(track), ...samples.ranges.flatMap(zeros)],
          samples.isCertain,
        )
    })
  }
}

/** A `meta` box: HEIF items, QuickTime keys, iTunes tags or XML. QuickTime leaves out the version before its boxes. */
async function surveyMeta(data: ByteRange, root: Root, survey: Survey): Promise<void> {
  const isFull = (await data.peek(0, 8)).toString('latin1', 4) !== 'hdlr'
  const content = data.slice(isFull ? 4 : 0)
  const boxes = new Map<string, Box>()
  for await (const box of boxesOf(content, survey, true)) if (!boxes.has(box.type)) boxes.set(box.type, box)
  await surveyKeys(boxes.get('keys'), boxes.get('ilst'), survey)
  await surveyHeifItems(boxes, root.range, survey)
  for (const type of ['xml ', 'uuid', 'bxml']) {
    const box = boxes.get(type)
    if (type === 'uuid' && box) await surveyUuid(box.data, survey)
    else if (box) await survey.look(type === 'xml ' ? 'xmp' : 'unknown', box.data.slice(4), 'its XML')
  }
}

async function surveyUuid(data: ByteRange, survey: Survey): Promise<void> {
  const uuid = (await data.peek(0, 16)).toString('hex')
  const content = data.slice(Math.min(16, data.length))
  if (uuid === xmpUuid) await survey.look('xmp', content, 'its XMP')
  else if (uuid === exifUuid) await survey.look('tiff', content, 'its EXIF')
  else await survey.look('unknown', content, 'a private box')
}

function isPadding(bytes: Buffer): boolean {
  return bytes.every(byte => byte === 0)
}
