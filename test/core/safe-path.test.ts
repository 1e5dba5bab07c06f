import { sep } from 'node:path'
import test from 'ava'
import fc from 'fast-check'
import { cleanName, cleanPath, joinInside, visibleName } from '../../src/core/safe-path.ts'
import { untrustedName } from '../kit/untrusted-name.ts'

test('A name that harms nobody stays as it is', t => {
  for (const name of [
    'zoo.avi',
    'Ferien in Köln',
    '.hidden',
    'a b',
    '家族 👩‍👩‍👧.jpg',
    'a...b',
    'x'.repeat(255),
    'console.log',
  ])
    t.is(cleanName(name), name)
})

test('A name loses what could lead elsewhere, hide or not be written', t => {
  const cleaned: [string, string][] = [
    ['..', '_'],
    ['.', '_'],
    ['', '_'],
    ['/', '_'],
    ['/etc/passwd', 'etcpasswd'],
    ['..\\..\\boot.ini', '....boot.ini'],
    ['C:\\x', 'C_x'],
    ['a\0b', 'a_b'],
    ['\u001b[31mred', '_[31mred'],
    ['photo\u202egpj.exe', 'photogpj.exe'],
    ['trailing. . ', 'trailing'],
    ['con', '_con'],
    ['Con.tar.gz', '_Con.tar.gz'],
    ['nul .txt', '_nul .txt'],
    ['COM¹', '_COM¹'],
    ['conin$', '_conin$'],
    ['what?*|"<>', 'what______'],
    ['\ud800', '_'],
  ]
  for (const [name, clean] of cleaned) t.is(cleanName(name), clean, JSON.stringify(name))
})

test('What was not UTF-8 becomes underscores', t => {
  t.is(cleanName(Buffer.from('826573742f4d42', 'hex').toString()), '_estMB')
})

test('A long name is cut between characters and keeps its extension', t => {
  const name = cleanName(`${'é'.repeat(200)}.jpeg`)
  t.true(name.endsWith('é.jpeg'))
  t.true(Buffer.byteLength(name) >= 254 && Buffer.byteLength(name) <= 255)
  t.is(cleanName('x'.repeat(300)), 'x'.repeat(255))
  t.is(Buffer.byteLength(cleanName(`a.${'y'.repeat(300)}`)), 255)
})

test('A path loses its dots, keeps the rest, and is never empty', t => {
  t.deepEqual(cleanPath(['..', '..', 'bar']), ['bar'])
  t.deepEqual(cleanPath(['/', '/', 'bar']), ['_', '_', 'bar'])
  t.deepEqual(cleanPath(['a', '/..', '', 'b']), ['a', '_', 'b'])
  t.deepEqual(cleanPath([]), ['_'])
})

test('A path that is too deep or too long loses folders, not its file nor its top', t => {
  const deep = cleanPath([...Array.from({ length: 5000 }, (_, index) => `d${index}`), 'file'])
  t.is(deep.length, 32)
  t.is(deep[0], 'd0')
  t.is(deep.at(-1), 'file')
  const long = cleanPath(['top', ...Array.from({ length: 20 }, () => 'x'.repeat(200)), 'file'])
  t.true(long.join('/').length <= 700)
  t.is(long[0], 'top')
  t.is(long.at(-1), 'file')
})

test('Whatever a name is, its cleaned form is clean', t => {
  fc.assert(
    fc.property(untrustedName, name => {
      const clean = cleanName(name)
      t.is(cleanName(clean), clean)
      t.not(clean, '')
      t.true(Buffer.byteLength(clean) <= 255)
      t.notRegex(clean, /[\u0000-\u001f/\\\u007f-\u009f\u202a-\u202e]|^\.{1,2}$|[. ]$/)
    }),
  )
  t.pass()
})

test('Only a clean path is joined', t => {
  t.is(joinInside('/srv/films', 'zoo/a.avi'), ['', 'srv', 'films', 'zoo', 'a.avi'].join(sep))
  for (const path of [
    '',
    '.',
    '..',
    '../x',
    'a/../../x',
    '/etc/passwd',
    'a//b',
    'a/',
    'a\\b',
    'a\0',
    'con',
    'a/./b',
  ])
    t.throws(() => joinInside('/srv/films', path), { code: 'ERR_UNSAFE_PATH' }, JSON.stringify(path))
})

test('A printed name shows what it would hide', t => {
  t.is(visibleName('a\u001b[2J\u202egpj.exe\n\u009b\u007f'), 'a␛[2J<U+202E>gpj.exe␊<U+009B>␡')
  t.is(visibleName('Köln 👩‍👩‍👧'), 'Köln 👩‍👩‍👧')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), name => {
      const visible = visibleName(name)
      t.notRegex(visible, /\p{Cc}|\p{Cs}|[\u200b\u202a-\u202e\u2066-\u2069]/u)
      t.is(visibleName(visible), visible)
    }),
  )
})
