import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { fileSystemError, P2pShareError } from '../core/index.ts'
import { canAsk, type Env } from './env.ts'
import { option } from './options.ts'
import { Prompt } from './prompt.ts'

const maxSecretBytes = 4_096

export interface PassphraseFlags {
  passphraseFile?: string
}

export function definePassphrase(command: Command): void {
  command.addOption(
    option('--passphrase-file <file>', 'read the passphrase from the first line of this file'),
  )
}

/**
 * The passphrase: from `P2PSHARE_PASSPHRASE`, from a file, or asked for on the terminal without showing it; never from an
 * argument, which every user of the machine can see.
 *
 * @param isNew whether it is asked for twice
 * @throws {P2pShareError} `ERR_USAGE` where nobody can be asked, or the two differ
 */
export async function readPassphrase(
  { passphraseFile }: PassphraseFlags,
  env: Env,
  { isNew }: { isNew: boolean },
): Promise<string> {
  if (passphraseFile !== undefined) return readSecretFile(resolve(env.cwd, passphraseFile))
  const { P2PSHARE_PASSPHRASE: given } = env.variables
  if (given) return given
  if (!canAsk(env))
    throw new P2pShareError(
      'ERR_USAGE',
      'A passphrase is needed: set P2PSHARE_PASSPHRASE or give --passphrase-file',
    )
  const prompt = new Prompt(env)
  const passphrase = await prompt.askHidden('Passphrase')
  if (passphrase === '') throw new P2pShareError('ERR_USAGE', 'The passphrase is empty')
  if (isNew && (await prompt.askHidden('The same again')) !== passphrase)
    throw new P2pShareError('ERR_USAGE', 'The two passphrases differ')
  return passphrase
}

/**
 * The first line of a file that holds a secret.
 * @throws {P2pShareError} `ERR_PATH_NOT_FOUND`, `ERR_UNREADABLE_FILE`
 */
export async function readSecretFile(path: string): Promise<string> {
  try {
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(maxSecretBytes), 0, maxSecretBytes, null)
      const [line = ''] = buffer.toString('utf8', 0, bytesRead).split(/\r?\n/)
      if (line !== '') return line
    } finally {
      await file.close()
    }
  } catch (error) {
    throw fileSystemError(error, path, 'read')
  }
  throw new P2pShareError('ERR_UNREADABLE_FILE', `${path} begins with an empty line`)
}
