import test from 'ava'
import fc from 'fast-check'
import { ByteRange } from '../../../../src/core/media/byte-range.ts'
import { positionInXmp, surveyXmp } from '../../../../src/core/media/formats/xmp.ts'
import { Survey } from '../../../../src/core/media/survey.ts'
import { xmpPacket } from '../../../kit/sample-photos.ts'

const nothing = async () => {}
const parts = {
  jpeg: nothing,
  tiff: nothing,
  xmp: surveyXmp,
  iptc: nothing,
  photoshop: nothing,
  bmff: nothing,
  unknown: nothing,
}

async function clean(text: string): Promise<{ text: string; survey: Survey }> {
  const range = ByteRange.of(Buffer.from(text))
  const survey = new Survey(parts)
  await surveyXmp(range, survey)
  return { text: (await range.readEdited(survey.edits)).toString(), survey }
}

const places: Record<string, string> = {
  'an attribute': xmpPacket('exif:GPSLatitude="33,51.5S"'),
  'an attribute in single quotes': xmpPacket("exif:GPSLatitude='33,51.5S'"),
  'an element': xmpPacket('', '<exif:GPSLatitude>33,51.5S</exif:GPSLatitude>'),
  'the attributes of a drone': xmpPacket('drone-dji:GpsLatitude="+33.85" drone-dji:GpsLongtitude="-70.5"'),
  'an unusual prefix': xmpPacket(
    '',
    '<a:GPSLatitude xmlns:a="http://ns.adobe.com/exif/1.0/">33,51.5S</a:GPSLatitude>',
  ),
  'a structure': xmpPacket(
    '',
    '<Iptc4xmpExt:LocationCreated><rdf:Bag><rdf:li rdf:parseType="Resource"><Iptc4xmpExt:City>Paris</Iptc4xmpExt:City></rdf:li></rdf:Bag></Iptc4xmpExt:LocationCreated>',
  ),
  'an item with a name': '<Group><Item name="Latitude" value="33.51"/></Group>',
}

for (const [name, packet] of Object.entries(places))
  test(`a place in ${name} becomes spaces`, async t => {
    const { text, survey } = await clean(packet)
    t.is(text.length, packet.length)
    t.notRegex(text, /33|Paris/)
    t.is(text.replaceAll(/\s+/g, '').length < packet.length, true)
    t.deepEqual(survey.doubts, [])
    t.deepEqual((await clean(text)).survey.findings, [])
  })

test('what tells no place stays', async t => {
  for (const packet of [
    xmpPacket('exif:GPSVersionID="2.2.0.0" photoshop:City=""'),
    xmpPacket('', '<Iptc4xmpCore:CreatorContactInfo Iptc4xmpCore:CiAdrCity="Berlin"/>'),
    xmpPacket('', '<!-- a comment --><dc:title>City of light</dc:title><![CDATA[ <exif:x> ]]>'),
  ]) {
    const { text, survey } = await clean(packet)
    t.is(text, packet)
    t.deepEqual([survey.findings, survey.doubts], [[], []])
  }
})

test('what cannot be taken out is a doubt', async t => {
  for (const packet of [
    '<x><exif:GPSLatitude>33',
    '<!DOCTYPE x [<!ENTITY a "b">]><x exif:GPSLatitude="33"/>',
    xmpPacket('', '<!-- exif:GPSLatitude="33.5" -->'),
    xmpPacket('', '<dc:title>GPSLatitude: 33.5</dc:title>'),
    Buffer.from(xmpPacket('exif:GPSLatitude="33"'), 'utf16le').toString('latin1'),
  ])
    t.true((await clean(packet)).survey.doubts.length > 0, packet.slice(0, 60))
})

test('any text is gone through without an error and keeps its length', async t => {
  const piece = fc.constantFrom(
    '<',
    '>',
    '/',
    '"',
    "'",
    '=',
    ' ',
    'exif:GPSLatitude',
    'a',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<?',
    '?>',
    '</',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async pieces => {
      const text = pieces.join('')
      t.is((await clean(text)).text.length, text.length)
    }),
    { numRuns: 300 },
  )
})

test('a megabyte of openings takes no time', async t => {
  for (const text of ['<', '<a ', '<a b="', '<!--', '<a b="c" ', 'GPSLatitude="'])
    t.truthy(await clean(text.repeat(1_000_000 / text.length)))
})

test('a position is read with minutes, with seconds, and by hemisphere', t => {
  t.deepEqual(positionInXmp('exif:GPSLatitude="33,30S" exif:GPSLongitude="70,15.0,36W"'), {
    latitude: -33.5,
    longitude: -70.26,
  })
  t.deepEqual(
    positionInXmp('<exif:GPSLatitude>1,30N</exif:GPSLatitude><exif:GPSLongitude>2,0E</exif:GPSLongitude>'),
    { latitude: 1.5, longitude: 2 },
  )
  t.is(positionInXmp('exif:GPSLatitude="33,30S"'), undefined)
})
