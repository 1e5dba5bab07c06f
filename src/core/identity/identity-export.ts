import { P2pShareError } from '../errors.ts'
import { parseIdentity, writeIdentity } from './identity-file.ts'
import type { Identity } from './keys.ts'

const maxExportBytes = 65_536

/**
 * An identity as text that only its passphrase opens: an armored age file (https://age-encryption.org/v1) with a scrypt
 * recipient, which `age -d` opens as well. Takes about a second, on purpose: that is what a guess costs.
 *
 * @throws {P2pShareError} `ERR_INVALID_ARGUMENT` for an empty passphrase
 */
export async function exportIdentity(identity: Identity, passphrase: string): Promise<string> {
  if (passphrase === '') throw new P2pShareError('ERR_INVALID_ARGUMENT', 'The passphrase is empty')
  const { armor, Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  return armor.encode(await encrypter.encrypt(writeIdentity(identity)))
}

/**
 * Reads what {@link exportIdentity} wrote.
 *
 * @throws {P2pShareError} `ERR_INVALID_IDENTITY` where it is something else, damaged, or made with another passphrase
 */
export async function importIdentity(text: string, passphrase: string): Promise<Identity> {
  const { armor, Decrypter } = await import('age-encryption')
  if (text.length > maxExportBytes || !text.trimStart().startsWith('-----BEGIN AGE ENCRYPTED FILE-----'))
    throw new P2pShareError('ERR_INVALID_IDENTITY', 'This is no exported identity')
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  const plain = await decrypt(() => decrypter.decrypt(armor.decode(text), 'text'))
  return parseIdentity(plain, 'The export')
}

async function decrypt(work: () => Promise<string>): Promise<string> {
  try {
    return await work()
  } catch (error) {
    throw new P2pShareError(
      'ERR_INVALID_IDENTITY',
      'The exported identity cannot be opened: another passphrase, or it is damaged',
      { cause: error },
    )
  }
}
