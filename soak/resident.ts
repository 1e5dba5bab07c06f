// The process that a soak watches: a swarm that stays while its peers come and go. Takes a JSON command a line.
import { readdirSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Swarm } from '../src/index.ts'
import { loadEngine } from '../test/kit/engines.ts'
import { heldBytes } from '../test/kit/hostile/memory.ts'

const [home = '', engineName = ''] = process.argv.slice(2)
const { factory: engine } = await loadEngine(engineName)
const swarm = await Swarm.start({ home, port: 0, dht: false, lsd: false, nat: false, iceServers: [], engine })

interface Command {
  readonly do: string
  readonly path?: string
  readonly id?: string
  readonly out?: string
  readonly peers?: readonly string[]
  readonly infoHash?: string
}

const answers: Record<string, (command: Command) => Promise<object>> = {
  port: async () => ({ port: swarm.port }),
  seed: async ({ path }) => ({ magnetLink: (await swarm.seed(path!)).magnetLink }),
  get: async ({ id, out, peers }) => ({ infoHash: (await swarm.get(id!, { out, peers })).infoHash }),
  have: async ({ infoHash }) => ({
    state: swarm.transfers().find(transfer => transfer.infoHash === infoHash)?.state ?? 'stopped',
  }),
  drop: async ({ infoHash }) => {
    await swarm
      .transfers()
      .find(transfer => transfer.infoHash === infoHash)
      ?.stop()
    return {}
  },
  usage: async () => {
    // What nobody holds any more is no growth.
    heldBytes()
    return {
      memoryBytes: process.memoryUsage.rss(),
      handles: readdirSync('/proc/self/fd').length,
      peers: swarm.stats().peers,
    }
  },
}

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line) as Command
  const answer = await answers[command.do]!(command).catch((error: Error) => ({ failed: error.message }))
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
