import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { launchdPlist } from '../../../src/cli/service/launchd-plist.ts'
import { serviceOf } from '../../../src/cli/service/service.ts'
import { systemdUnit, unitName } from '../../../src/cli/service/systemd-unit.ts'
import { findProgram, requireThat } from '../../kit/external.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const run = promisify(execFile)
const plain = { program: ['/usr/bin/node', '/usr/bin/p2pshare'], home: undefined }
const odd = { program: [process.execPath, '/opt/a "b" $HOME %h/p2pshare.js'], home: '/srv/my box/100%\\' }

test('the service starts Node with flags of its own, before what it runs', t => {
  const { program } = serviceOf(['/usr/bin/node', '/usr/bin/p2pshare'], undefined)
  t.deepEqual(program, ['/usr/bin/node', '--max-semi-space-size=8', '/usr/bin/p2pshare'])
})

test('the unit runs the box, reloads it by SIGHUP and starts it again after a failure', t => {
  const unit = systemdUnit(plain)
  t.regex(unit, /^ExecStart=\/usr\/bin\/node \/usr\/bin\/p2pshare box start$/m)
  t.regex(unit, /^ExecReload=\/bin\/kill -HUP \$MAINPID$/m)
  t.regex(unit, /^Restart=on-failure$/m)
  t.regex(unit, /^Type=notify$/m)
  t.notRegex(unit, /^Environment=/m)
})

test('paths that systemd would read as something else are written so that it does not', t => {
  const unit = systemdUnit(odd)
  t.true(unit.includes('"/opt/a \\"b\\" $$HOME %%h/p2pshare.js" box start\n'), unit)
  t.true(unit.includes('Environment="P2PSHARE_HOME=/srv/my box/100%%\\\\"\n'), unit)
})

for (const [name, service] of Object.entries({ plain: { ...plain, program: [process.execPath, 'x'] }, odd }))
  test(`systemd finds nothing wrong with the unit of ${name} paths`, async t => {
    const analyze = findProgram('systemd-analyze')
    if (!requireThat(t, analyze !== undefined, 'systemd-analyze is not installed')) return
    const folder = await temporaryFolder(t)
    await mkdir(join(folder, 'run'), { mode: 0o700 })
    await writeFile(join(folder, unitName), systemdUnit(service))
    const env = { ...process.env, XDG_RUNTIME_DIR: join(folder, 'run'), HOME: folder }
    const { stdout, stderr } = await run(analyze!, ['--user', 'verify', join(folder, unitName)], { env })
    t.is(stdout + stderr, '')
  })

test('the agent of launchd is XML that says the same', t => {
  const text = launchdPlist({ program: ['/a & b/<node>', '/p2pshare'], home: '/srv/"box"' })
  t.is(XMLValidator.validate(text), true)
  const { dict } = new XMLParser({ ignoreDeclaration: true }).parse(text).plist
  t.deepEqual(dict.array.string, ['/a & b/<node>', '/p2pshare', 'box', 'start'])
  t.is(dict.dict[0].string, '/srv/"box"')
})
