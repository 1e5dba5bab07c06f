import type { Command } from 'commander'
import type { CatalogServer, SiteLogEntry } from '../../../catalog/index.ts'
import { visibleName } from '../../../core/index.ts'
import type { CliCommand, Invocation } from '../../cli-command.ts'
import { hasPasswordInArguments } from '../../database-option.ts'
import { formatCount, formatDuration } from '../../format.ts'
import { defineLimits, defineNetwork } from '../../network-options.ts'
import { defineServing, type ServingFlags, servingInit } from '../../serving-options.ts'
import { StatusLine } from '../../status-line.ts'

const closeWithinMs = 5_000

export const serve: CliCommand<ServingFlags> = {
  examples: [
    ['p2pshare catalog serve', 'a site at http://127.0.0.1:8480, for this machine'],
    [
      'p2pshare catalog serve --name "Zoo clips" --public-url https://zoo.example.org --tracker',
      'behind a web server that people reach, with a tracker',
    ],
    [
      'P2PSHARE_DB=postgres://zoo@db.example.org/zoo p2pshare catalog serve --listen 0.0.0.0:8480',
      'one of several servers that share a database',
    ],
  ],
  define(command: Command) {
    defineServing(command)
    defineNetwork(command)
    defineLimits(command)
  },
  async run(invocation) {
    const { env, printer, flags } = invocation
    if (hasPasswordInArguments(flags, env))
      printer.note('The password in --db can be read by others on this machine: P2PSHARE_DB hides it')
    const { createCatalogServer } = await import('../../../catalog/index.ts')
    const log = (entry: SiteLogEntry) => tellEntry(entry, invocation)
    const server = await createCatalogServer({ ...(await servingInit(flags, env)), log })
    try {
      tellListening(server, invocation)
      await stayUp(server, invocation)
    } finally {
      const patience = new AbortController()
      const enough = env.clock.wait(closeWithinMs, patience.signal).catch(() => {})
      await Promise.race([server.close(), enough])
      patience.abort()
    }
  },
}

function tellListening(server: CatalogServer, { printer }: Invocation<ServingFlags>): void {
  const { url, port, site, firstTokenPath: tokenPath } = server
  const { own, settings } = site
  const { publicUrl, trackerUrls } = settings
  printer.event('listening', { url, port, publicUrl, name: own.name, link: own.link, trackerUrls, tokenPath })
  printer.result(publicUrl ?? url)
  if (publicUrl) printer.note(`Listening at ${url}`)
  for (const tracker of trackerUrls) printer.note(`Tracker: ${tracker}`)
  if (tokenPath) printer.note(`To review what is submitted, sign in with the token in ${tokenPath}`)
  printer.note(`To follow it without the site: p2pshare catalog add '${own.link}'`)
}

async function stayUp(server: CatalogServer, { env, printer }: Invocation<ServingFlags>): Promise<never> {
  const status = await StatusLine.open(env, printer)
  const startMs = env.clock.monotonicMs()
  try {
    for (;;) {
      const { listings } = await server.site.store.counts()
      status.update({
        label: 'Serving',
        details: formatCount(listings, 'listing'),
        aside: ` (${formatDuration(env.clock.monotonicMs() - startMs)})`,
      })
      await env.clock.wait(status.serviceIntervalMs, env.signal)
    }
  } finally {
    status.close()
  }
}

function tellEntry(
  { level, message, error }: SiteLogEntry,
  { printer, env }: Invocation<ServingFlags>,
): void {
  if (level === 'info') return
  const why = error instanceof Error ? `: ${error.message}` : ''
  const text = visibleName(`${message}${why}`)
  printer.event('problem', { level, message: text })
  printer.note(`${env.clock.now().toISOString()} ${text}`)
}
