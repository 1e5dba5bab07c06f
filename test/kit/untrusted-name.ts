import fc from 'fast-check'

const nasty = fc.constantFrom(
  ...[
    '.',
    '..',
    '/',
    '\\',
    ' ',
    '\0',
    '\u001b',
    '\u202e',
    '\u200b',
    'é',
    'e\u0301',
    'ß',
    'SS',
    'K',
    'İ',
    '𝒳',
  ],
  ...[
    'con',
    'CON.txt',
    'lpt1',
    'a',
    'A',
    'a.1',
    'a.txt',
    'A.TXT',
    'a.1.txt',
    '_',
    '',
    '\ud800',
    '😀',
    ':',
    'x'.repeat(254),
  ],
)
/** Names as a hostile torrent may have them. */
export const untrustedName = fc.oneof(
  nasty,
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.array(nasty, { maxLength: 6 }).map(parts => parts.join('')),
  fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes).toString()),
)

export const untrustedPath = fc.array(untrustedName, { maxLength: 40 })
