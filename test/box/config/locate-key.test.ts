import test from 'ava'
import fc from 'fast-check'
import { parse } from 'smol-toml'
import { locateKey } from '../../../src/box/config/locate-key.ts'

const text = `# [server]
top = 1

[folders]
downloads = "/a"   # downloads = 2

[[folders.watch]]
path = "/a"
[[folders.watch]]
path = "/b"
tags = [
  "one",
  "two", # ] path = 1
]
note = """
[server]
listen = "no"
"""

[server]
listen = '127.0.0.1:1'
"quoted key" = 1
limits.upload = "1K"
inline = { deep = 1 }
`

const places: readonly (readonly [path: readonly PropertyKey[], line: number])[] = [
  [['top'], 2],
  [['folders'], 4],
  [['folders', 'downloads'], 5],
  [['folders', 'watch', 0], 7],
  [['folders', 'watch', 0, 'path'], 8],
  [['folders', 'watch', 1], 9],
  [['folders', 'watch', 1, 'path'], 10],
  [['folders', 'watch', 1, 'tags', 1], 11],
  [['folders', 'watch', 1, 'missing'], 9],
  [['server'], 20],
  [['server', 'listen'], 21],
  [['server', 'quoted key'], 22],
  [['server', 'limits', 'upload'], 23],
  [['server', 'inline', 'deep'], 24],
  [['nowhere'], 1],
]

for (const [path, line] of places)
  test(`${path.map(String).join(' ')} is in line ${line}`, t => {
    t.is(locateKey(text, path), line)
  })

test('a key of a table in a list belongs to the last one so far, however deep', t => {
  const deep = '[[a]]\n[[a.b]]\nc = 1\n[[a.b]]\nc = 2\n[[a]]\n[a.d]\ne = 3\n'
  t.is(locateKey(deep, ['a', 0, 'b', 1, 'c']), 5)
  t.is(locateKey(deep, ['a', 1, 'd', 'e']), 8)
})

const keyName = fc.constantFrom('a', 'b', 'listen', 'x-y', 'with space', 'a.b')
const written = (key: string) => (/^[\w-]+$/.test(key) ? key : `"${key}"`)
/** Values of one line and of several, with what looks like keys and tables inside. */
const value = fc.constantFrom(
  '1',
  '"[a]"',
  "'# b = 1'",
  '[\n  "a = 1",\n  # [a]\n  "]"\n]',
  '"""\n[a]\na = 1\n"""',
  "'''\nlisten = 2\n'''",
  '"""x"""',
)
const noise = fc.constantFrom('', '\n', '# [a]\n', '  \n')
const table = fc.record({
  isList: fc.boolean(),
  keys: fc.uniqueArray(fc.record({ key: keyName, value, noise }), {
    selector: ({ key }) => key,
    maxLength: 4,
  }),
  noise,
})

test('every key of a file is found in the line that it stands in', t => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ name: keyName, tables: fc.array(table, { minLength: 1, maxLength: 3 }) }), {
        selector: ({ name }) => name,
        maxLength: 4,
      }),
      groups => {
        let toml = ''
        const expected: [PropertyKey[], number][] = []
        const lineHere = () => toml.split('\n').length
        for (const { name, tables } of groups) {
          const isList = tables[0]!.isList
          for (const [index, { keys, noise }] of (isList ? tables : tables.slice(0, 1)).entries()) {
            toml += noise
            const path = isList ? [name, index] : [name]
            expected.push([path, lineHere()])
            toml += isList ? `[[${written(name)}]]\n` : `[${written(name)}] # a = 1\n`
            for (const { key, value, noise } of keys) {
              toml += noise
              expected.push([[...path, key], lineHere()])
              toml += `${written(key)} = ${value}\n`
            }
          }
        }
        parse(toml)
        return expected.every(([path, line]) => locateKey(toml, path) === line)
      },
    ),
  )
  t.pass()
})

test('whatever the text, a line of it is answered', t => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('[', ']', '"', "'", '\n', 'a', '=', '.', '#', '\\', ' ') }),
      toml => {
        const line = locateKey(toml, ['a', 'a'])
        return line >= 1 && line <= toml.split('\n').length
      },
    ),
  )
  t.pass()
})
