import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { loadMailSettings } from '../../../src/catalog/mail/mail-settings.ts'
import { findHome } from '../../../src/core/index.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

test('the SMTP server comes from the environment, with the password in a file', async t => {
  const folder = await temporaryFolder(t)
  await writeFile(join(folder, 'password'), 's3cret\n')
  const environment = {
    P2PSHARE_SMTP_HOST: 'mail.example.org',
    P2PSHARE_SMTP_USER: 'zoo',
    P2PSHARE_SMTP_PASSWORD_FILE: join(folder, 'password'),
    P2PSHARE_MAIL_FROM: 'zoo@example.org',
  }
  t.deepEqual(await loadMailSettings(environment, findHome(folder)), {
    host: 'mail.example.org',
    port: 587,
    user: 'zoo',
    password: 's3cret',
    security: 'starttls',
    from: 'zoo@example.org',
  })
})

test('the SMTP server comes from mail.json, and there need be none', async t => {
  const home = findHome(await temporaryFolder(t))
  t.is(await loadMailSettings({}, home), undefined)
  await mkdir(home.config, { recursive: true })
  const path = join(home.config, 'mail.json')
  await writeFile(
    path,
    JSON.stringify({ url: 'smtps://zoo:p%40ss@mail.example.org', from: 'zoo@example.org' }),
  )
  t.deepEqual(await loadMailSettings({}, home), {
    host: 'mail.example.org',
    port: 465,
    user: 'zoo',
    password: 'p@ss',
    security: 'tls',
    from: 'zoo@example.org',
  })
  await writeFile(path, '{"url":"http://zoo:hidden@x","from":"zoo@example.org"}')
  const error = await t.throwsAsync(loadMailSettings({}, home), { code: 'ERR_INVALID_ARGUMENT' })
  t.false(error.message.includes('hidden'))
  await writeFile(path, '[]')
  await t.throwsAsync(loadMailSettings({}, home), { code: 'ERR_INVALID_ARGUMENT' })
})

test('a server on this machine needs no TLS', async t => {
  const environment = { P2PSHARE_SMTP_URL: 'smtp://127.0.0.1:2525', P2PSHARE_MAIL_FROM: 'zoo@example.org' }
  const settings = await loadMailSettings(environment, findHome(await temporaryFolder(t)))
  t.deepEqual([settings?.security, settings?.port], ['none', 2525])
})
