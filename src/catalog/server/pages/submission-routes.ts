import { Hono } from 'hono'
import { P2pShareError } from '../../../core/index.ts'
import { type HttpEnv, HttpError } from '../../../http/index.ts'
import type { SubmissionInput } from '../../submission/submission-input.ts'
import { SubmissionError } from '../../submission/submission-problem.ts'
import { submissionPath } from '../paths.ts'
import type { Site } from '../site.ts'
import type { Html } from './parts/markup.ts'
import { type Form, readForm } from './read-form.ts'
import { statusPage, thanksPage } from './status-page.ts'
import { submitPage, trapField } from './submit-page.ts'
import type { Typed } from './work-fields.ts'

/** How something is submitted, and what became of it. */
export function submissionRoutes(site: Site): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  app.get('/submit', context => context.html(submitPage(site) as Html, 200, { 'cache-control': 'no-cache' }))

  app.post('/submit', async context => {
    const form = await readForm(context.req)
    if (form.text(trapField) !== '') return context.html(thanksPage(site))
    try {
      const { id, secret } = await site.desk.submit(inputOf(form), { address: context.get('address') })
      return context.redirect(submissionPath(id, secret), 303)
    } catch (error) {
      if (!(error instanceof P2pShareError) || error.kind !== 'input') throw error
      const problems =
        error instanceof SubmissionError
          ? error.problems
          : [{ field: 'magnet' as const, message: `cannot be used: ${error.message}` }]
      return context.html(submitPage(site, { typed: typedOf(form), problems }), 422, {
        'cache-control': 'no-store',
      })
    }
  })

  app.get('/submission/:id{[0-9]{1,15}}/:secret', async context => {
    const { id, secret } = context.req.param()
    const status = await site.desk.statusFor(Number(id), secret)
    if (!status) throw new HttpError(404, 'There is no such submission. Use the whole link.')
    // The address is a secret: it goes nowhere with a link that is followed.
    const headers = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }
    return context.html(statusPage(site, status), 200, headers)
  })
  return app
}

function inputOf(form: Form): SubmissionInput {
  return { ...typedOf(form), email: form.text('email'), torrent: form.file('torrent') }
}

function typedOf(form: Form): Typed {
  const names = [
    'magnet',
    'title',
    'description',
    'section',
    'tags',
    'license',
    'creator',
    'language',
    'email',
  ] as const
  return Object.fromEntries(names.map(name => [name, form.text(name)]))
}
