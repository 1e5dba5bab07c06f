import test from 'ava'
import { contactHref } from '../../../../../src/catalog/server/pages/parts/contact.ts'
import { describeLicense } from '../../../../../src/catalog/server/pages/parts/licenses.ts'

test('a licence leads to its own text, and what is none leads nowhere', t => {
  const hrefs = {
    'CC-BY-NC-SA-4.0': 'https://creativecommons.org/licenses/by-nc-sa/4.0/',
    'CC0-1.0': 'https://creativecommons.org/publicdomain/zero/1.0/',
    MIT: 'https://spdx.org/licenses/MIT.html',
    'MIT OR Apache-2.0': undefined,
    'all rights reserved': undefined,
    'CC-BY-4.0-evil': undefined,
  }
  for (const [id, href] of Object.entries(hrefs)) t.is(describeLicense(id).href, href, id)
  t.is(describeLicense('CC-BY-ND-3.0').name, 'CC BY-ND 3.0')
})

test('a contact is an e-mail or a web address, or no link at all', t => {
  t.is(contactHref('hello@example.org', 'Listing a&b'), 'mailto:hello@example.org?subject=Listing%20a%26b')
  t.is(contactHref('https://example.org/contact', 'x'), 'https://example.org/contact')
  for (const other of [
    'javascript:alert(1)',
    'a@b?bcc=evil@example.org',
    'data:text/html,x',
    'nobody',
    undefined,
  ])
    t.is(contactHref(other, 'x'), undefined, other)
})
