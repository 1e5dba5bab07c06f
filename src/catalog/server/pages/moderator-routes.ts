import { type Context, Hono } from 'hono'
import { P2pShareError } from '../../../core/index.ts'
import { type HttpEnv, HttpError } from '../../../http/index.ts'
import { SubmissionError } from '../../submission/submission-problem.ts'
import type { Site } from '../site.ts'
import { blockedPage } from './blocked-page.ts'
import { logPage, logPageSize } from './log-page.ts'
import type { Html } from './parts/markup.ts'
import { posterOfUpload } from './poster-of-upload.ts'
import { queuePage, queuePageSize, queueStates } from './queue-page.ts'
import { type Form, readForm } from './read-form.ts'
import { reviewPage } from './review-page.ts'
import { type ModeratorEnv, readSignedForm, Sessions } from './sessions.ts'
import { signInPage } from './sign-in-page.ts'

const editable = ['title', 'description', 'section', 'tags', 'license', 'creator', 'language'] as const

/** The pages of moderators: signing in, the queue, deciding, the log. */
export function moderatorRoutes(site: Site): Hono<HttpEnv> {
  const { desk, moderators } = site
  const sessions = new Sessions(site)
  const open = new Hono<HttpEnv>()

  open.get('/sign-in', async context =>
    (await sessions.of(context)) ? context.redirect('/review', 303) : page(context, signInPage(site)),
  )
  open.post('/sign-in', async context => {
    const form = await readForm(context.req)
    try {
      const session = await moderators.signIn(form.text('token'), { address: context.get('address') })
      sessions.begin(context, session)
      return context.redirect('/review', 303)
    } catch (error) {
      if (!(error instanceof P2pShareError) || error.code !== 'ERR_NOT_AUTHORIZED') throw error
      return page(context, signInPage(site, error.message), 403)
    }
  })

  const closed = new Hono<ModeratorEnv>()
  closed.use('/review/*', sessions.required)
  closed.use('/sign-out', sessions.required)
  closed.post('/sign-out', async context => {
    await readSignedForm(context)
    await sessions.end(context as unknown as Context<HttpEnv>, context.get('session'))
    return context.redirect('/', 303)
  })

  closed.get('/review', async context => {
    const state = queueStates.find(one => one === context.req.query('state')) ?? 'open'
    const before = numberOf(context.req.query('before'))
    const submissions = await desk.list({ state, limit: queuePageSize, before })
    return page(context, queuePage(site, context.get('session'), { state, submissions }))
  })
  closed.get('/review/log', async context => {
    const entries = await desk.audit({ limit: logPageSize, before: numberOf(context.req.query('before')) })
    return page(context, logPage(site, context.get('session'), entries))
  })
  closed.get('/review/blocked', async context =>
    page(context, blockedPage(site, context.get('session'), await desk.blocked())),
  )

  closed.post('/review/block', async context => {
    const form = await readSignedForm(context)
    const { moderator } = context.get('session')
    const submission = numberOf(form.text('submission'))
    await desk.block(submission === undefined ? { publisher: keyOf(form) } : { submission }, moderator)
    return context.redirect('/review/blocked', 303)
  })
  closed.post('/review/unblock', async context => {
    const form = await readSignedForm(context)
    const { moderator } = context.get('session')
    const emailHash = form.text('emailHash')
    await desk.unblock(emailHash === '' ? { publisher: keyOf(form) } : { emailHash }, moderator)
    return context.redirect('/review/blocked', 303)
  })
  closed.post('/review/take-down', async context => {
    const form = await readSignedForm(context)
    const { moderator } = context.get('session')
    await desk.takeDown(form.text('listing').trim(), { note: form.text('note') || undefined }, moderator)
    return context.redirect('/review/log', 303)
  })

  closed.get('/review/:id{[0-9]{1,15}}', async context => {
    const submission = await desk.get(Number(context.req.param('id')))
    return page(context, reviewPage(site, context.get('session'), { submission }))
  })
  closed.post('/review/:id{[0-9]{1,15}}/:action', async context => {
    const { id, action } = context.req.param()
    const form = await readSignedForm(context)
    try {
      await decide(site, Number(id), action, form, context)
    } catch (error) {
      if (!(error instanceof SubmissionError)) throw error
      const submission = await desk.get(Number(id))
      const typed = Object.fromEntries(editable.map(name => [name, form.text(name)]))
      const shown = { submission, problems: error.problems, ...(action === 'edit' && { typed }) }
      return page(context, reviewPage(site, context.get('session'), shown), 422)
    }
    return context.redirect(action === 'reject' || action === 'accept' ? '/review' : `/review/${id}`, 303)
  })
  // A sub-app of its own, for what stands open must not run into the session that the others need.
  return open.route('/', closed as unknown as Hono<HttpEnv>)
}

async function decide(
  { desk }: Site,
  id: number,
  action: string,
  form: Form,
  context: Context<ModeratorEnv>,
): Promise<void> {
  const { moderator } = context.get('session')
  const note = form.text('note').trim() || undefined
  switch (action) {
    case 'accept': {
      const picture = form.file('poster')
      await desk.accept(id, { note, poster: picture && (await posterOfUpload(picture)) }, moderator)
      return
    }
    case 'reject':
      await desk.reject(id, { reason: form.text('reason').trim(), note }, moderator)
      return
    case 'edit':
      await desk.edit(id, Object.fromEntries(editable.map(name => [name, form.text(name)])), moderator)
      return
    case 'recheck':
      await desk.recheck(id, moderator)
      return
    default:
      throw new HttpError(404, 'There is nothing of that kind to be done.')
  }
}

function page(context: Context, body: Html, status: 200 | 403 | 422 = 200): Response | Promise<Response> {
  return context.html(body, status, { 'cache-control': 'no-store' })
}

function numberOf(text: string | undefined): number | undefined {
  return text && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** @throws {HttpError} 400 */
function keyOf(form: Form): string {
  const key = form.text('publisher').trim().toLowerCase()
  if (/^[0-9a-f]{64}$/.test(key)) return key
  throw new HttpError(400, 'A public key has 64 hexadecimal digits.')
}
