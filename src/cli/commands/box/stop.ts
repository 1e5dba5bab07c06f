import { withBox } from '../../box-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import { homeOf } from '../../env.ts'

export const stop: CliCommand = {
  examples: [['p2pshare box stop', 'stop it; everything is taken up at its next start']],
  define() {},
  async run({ env, printer }) {
    await withBox(env, box => box.stop({ signal: env.signal }))
    const { untilNoBox } = await import('../../../box/index.ts')
    await untilNoBox(homeOf(env), ms => env.clock.wait(ms, env.signal))
    printer.event('stopped', {})
    printer.result('The box has stopped')
  },
}
