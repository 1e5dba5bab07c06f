import { open } from 'node:fs/promises'
import { endianness } from 'node:os'

/** An end of a TCP connection. */
export interface ConnectionEnd {
  readonly address: string
  readonly port: number
}

const chunkBytes = 65_536
/** Some 50,000 connections: who makes more than that has the box ask for its token. */
const mostBytes = 8_000_000
const established = '01'
const zeros = '00000000'

/**
 * Who holds an end of a connection over loopback, by the tables of Linux. `undefined` where there are no tables, where the connection is
 * not in them, and where nobody holds that end any more: the tables have such an end as that of root.
 *
 * @returns the number of a user
 */
export async function userOfEnd(end: ConnectionEnd, other: ConnectionEnd): Promise<number | undefined> {
  const [one, another] = [formsOf(end.address), formsOf(other.address)]
  if (!one || !another) return undefined
  for (const version of ['tcp', 'tcp6'] as const) {
    const [near, far] = [one[version], another[version]]
    if (near === undefined || far === undefined) continue
    const row = ` ${near}:${portForm(end.port)} ${far}:${portForm(other.port)} ${established} `
    const found = await findRow(`/proc/self/net/${version}`, row)
    if (found !== undefined) return userIn(found)
  }
  return undefined
}

/** What follows on `start` in the row that it is in. */
async function findRow(path: string, start: string): Promise<string | undefined> {
  const file = await open(path).catch(() => undefined)
  if (!file) return undefined
  try {
    const buffer = Buffer.allocUnsafe(chunkBytes)
    let rest = ''
    for (let total = 0; total < mostBytes; ) {
      const { bytesRead } = await file.read(buffer, 0, chunkBytes)
      if (bytesRead === 0) break
      total += bytesRead
      const text = rest + buffer.toString('latin1', 0, bytesRead)
      const at = text.indexOf(start)
      const end = at < 0 ? -1 : text.indexOf('\n', at)
      if (end >= 0) return text.slice(at + start.length, end)
      rest = text.slice(text.lastIndexOf('\n') + 1)
    }
  } catch {
    // Without the table nothing is known.
  } finally {
    await file.close()
  }
  return undefined
}

/** Of `tx:rx tr:when retransmits user timeout inode …`; what has no inode is nobody's. */
function userIn(row: string): number | undefined {
  const [, , , user = '', , inode = '0'] = row.trim().split(/\s+/)
  return inode === '0' || !/^\d+$/.test(user) ? undefined : Number(user)
}

/** An address of loopback as the tables have it: words of four bytes in the order of the machine. An IPv6 socket may have an IPv4 address. */
function formsOf(address: string): { readonly tcp?: string; readonly tcp6: string } | undefined {
  if (address === '::1') return { tcp6: zeros.repeat(3) + wordForm([0, 0, 0, 1]) }
  const [, plain] = /^(?:::ffff:)?(127\.\d+\.\d+\.\d+)$/i.exec(address) ?? []
  if (plain === undefined) return undefined
  const tcp = wordForm(plain.split('.').map(Number))
  return { tcp, tcp6: zeros.repeat(2) + wordForm([0, 0, 255, 255]) + tcp }
}

function wordForm(bytes: readonly number[]): string {
  const ordered = endianness() === 'LE' ? bytes.toReversed() : bytes
  return Buffer.from(ordered).toString('hex').toUpperCase()
}

function portForm(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0')
}
