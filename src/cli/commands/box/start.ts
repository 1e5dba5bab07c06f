import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Box } from '../../../box/index.ts'
import { P2pShareError, visibleName } from '../../../core/index.ts'
import { signInNote } from '../../box-session.ts'
import type { CliCommand, Invocation } from '../../cli-command.ts'
import { homeOf, isLive } from '../../env.ts'
import { formatCount, formatDuration, formatRate } from '../../format.ts'
import { askedNetwork, defineNetwork, type NetworkFlags } from '../../network-options.ts'
import { option, repeatable } from '../../options.ts'
import { tellReady } from '../../service/readiness.ts'
import { keepHeapSmall } from '../../service/small-heap.ts'
import { StatusLine } from '../../status-line.ts'

interface StartFlags extends NetworkFlags {
  listen?: string
  watch?: string[]
}

export const start: CliCommand<StartFlags> = {
  examples: [
    ['p2pshare box start', 'run it here; its page is at http://127.0.0.1:8481'],
    ['p2pshare box start --watch ~/Pictures/shared', 'share every clip and album that is put there'],
    ['p2pshare box start --listen 0.0.0.0:8481', 'reached from other machines too, with the token'],
  ],
  define(command: Command) {
    command
      .addOption(option('--listen <host:port>', 'where its page and its API are'))
      .addOption(repeatable('--watch <folder>', 'share what is dropped into this folder'))
    defineNetwork(command)
  },
  async run(invocation) {
    const { env, flags, printer } = invocation
    keepHeapSmall()
    const { Box, BoxClient } = await import('../../../box/index.ts')
    let running: Box | undefined
    const leaveHangUps = env.onHangUp(() => void running?.reload())
    const box = await Box.start({
      home: homeOf(env),
      network: askedNetwork(flags),
      ...(flags.listen !== undefined && { listen: await addressOf(flags.listen) }),
      watch: flags.watch?.map(folder => resolve(env.cwd, folder)),
      signal: env.signal,
      variables: env.variables,
      onProblem: (what, error) => tellProblem(what, error, invocation),
      onNotice: message => tellNotice(message, invocation),
    })
    running = box
    try {
      const { url, token } = box
      printer.event('listening', { url, port: Number(new URL(url).port), tokenPath: token.path })
      printer.result(url)
      const signIn = await signInNote(new BoxClient(url, token.value), invocation)
      if (signIn !== undefined) printer.note(signIn)
      else if (isLive(env.stderr, env))
        printer.note('Open that in a browser of yours: it asks you for no token')
      if (!token.isShown) await showToken(token, invocation)
      await tellReady(env)
      await stayUp(box, invocation)
    } finally {
      leaveHangUps()
      await box.stop()
    }
  },
}

/** Only where a person sits: what a service manager, a container or a file keeps is no place for secrets. */
async function showToken(token: Box['token'], { env, printer }: Invocation): Promise<void> {
  if (printer.isJson || !isLive(env.stderr, env)) return printer.note(`The token is in ${token.path}`)
  printer.note(`Token, printed this once and kept in ${token.path}:\n${token.value}`)
  await token.tellShown()
}

/** @returns once somebody else has stopped it */
async function stayUp({ shelf, swarm, stopped }: Box, { env, printer }: Invocation): Promise<void> {
  const status = await StatusLine.open(env, printer)
  const startMs = env.clock.monotonicMs()
  let isUp = true
  const ending = stopped.then(() => {
    isUp = false
  })
  try {
    while (isUp) {
      const { uploadBytesPerSecond, downloadBytesPerSecond } = swarm.stats()
      status.update({
        label: 'Box',
        details: `${formatCount(shelf.items().length, 'transfer')}, ↓ ${formatRate(downloadBytesPerSecond)} ↑ ${formatRate(uploadBytesPerSecond)}`,
        aside: ` (${formatDuration(env.clock.monotonicMs() - startMs)})`,
      })
      await Promise.race([ending, env.clock.wait(status.serviceIntervalMs, env.signal)])
    }
    printer.event('stopped', {})
    printer.note('Stopped')
  } finally {
    status.close()
  }
}

function tellProblem(what: string, error: unknown, { printer, env }: Invocation<StartFlags>): void {
  const message = error instanceof Error ? error.message : String(error)
  const text = `${what}: ${message}`.split('\n').map(visibleName)
  printer.event('problem', { message: text.join('\n') })
  printer.note(`${env.clock.now().toISOString()} ${text.join('\n  ')}`)
}

function tellNotice(message: string, { printer, env }: Invocation<StartFlags>): void {
  printer.event('notice', { message: visibleName(message) })
  printer.note(`${env.clock.now().toISOString()} ${visibleName(message)}`)
}

async function addressOf(text: string): Promise<{ readonly host: string; readonly port: number }> {
  const { readListenAddress } = await import('../../../box/index.ts')
  const address = readListenAddress(text)
  if (address) return address
  throw new P2pShareError(
    'ERR_INVALID_ARGUMENT',
    `--listen: "${text}" is no address: write it as 127.0.0.1:8481`,
  )
}
