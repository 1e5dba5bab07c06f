import type { Command } from 'commander'
import type { FileView } from '../../../box/index.ts'
import { visibleName } from '../../../core/index.ts'
import { withBox } from '../../box-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import { formatSize } from '../../format.ts'
import { repeatable } from '../../options.ts'
import { formatTable } from '../../table.ts'
import { byReference } from '../../transfer-reference.ts'

interface FilesFlags {
  only?: string[]
  skip?: string[]
}

const words = ['not wanted', 'last', 'low', 'low', '', 'high', 'high', 'first']

export const files: CliCommand<FilesFlags> = {
  examples: [
    ['p2pshare box files 3', 'what is in it, and how far each file is'],
    ['p2pshare box files 3 --only 1,4-9', 'fetch no others'],
    ['p2pshare box files 3 --skip "*.mov"', 'leave some out; what is here of them stays'],
  ],
  define(command: Command) {
    command
      .argument('<transfer>', byReference)
      .addOption(repeatable('--only <files>', 'fetch only these: 3, 2-5, 7-, "*.jpg", "!*.mov"'))
      .addOption(repeatable('--skip <files>', 'do not fetch these'))
  },
  async run({ env, printer, args: [reference = ''], flags: { only, skip } }) {
    const { signal } = env
    const found = await withBox(env, async box => {
      if (only || skip) await box.change(reference, { only, skip }, { signal })
      return box.files(reference, { signal })
    })
    for (const file of found) printer.event('file', { ...file })
    if (printer.isJson) return
    if (found.length === 0) return printer.note('Its files are not known yet')
    const headings = ['>#', '>Size', '>Done', 'Priority', 'Path']
    printer.result(await formatTable(headings, found.map(cellsOf), env.stdout, env))
  },
}

function cellsOf({ number, sizeBytes, haveBytes, priority, path }: FileView): string[] {
  const part = sizeBytes > 0 ? haveBytes / sizeBytes : 1
  return [
    `${number}`,
    formatSize(sizeBytes),
    `${Math.floor(100 * part)} %`,
    words[priority] ?? '',
    visibleName(path),
  ]
}
