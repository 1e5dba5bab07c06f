import test from 'ava'
import type { TestedEngine } from '../engines.ts'
import { listenRaw, type RawPeer } from './raw-peer.ts'
import { hello } from './speech.ts'
import { Turns } from './turns.ts'
import { startVictim, type Victim, type VictimOptions } from './victim.ts'

/** Tests of a file that run at once: more only wait for each other's connections. */
const testsAtOnce = 8
const turns = new Turns(testsAtOnce)

/** What a peer does once both have shaken hands. */
export type Attack = (peer: RawPeer, victim: Victim) => void | Promise<void>

export interface AttackOptions extends VictimOptions {
  /** The victim has to end the connection. @default false */
  readonly endsIt?: boolean
}

/**
 * Registers two tests an attack, one where the attacker connects and one where it is connected to: the engine has to go on and
 * to bring a torrent from an honest seed to an honest leech.
 */
export function testAttacks(
  { name, factory }: TestedEngine,
  attacks: Readonly<Record<string, Attack>>,
  options: AttackOptions = {},
): void {
  const consequence = options.endsIt ? 'is hung up on' : 'does no harm'
  for (const [what, attack] of Object.entries(attacks)) {
    test(`${name}: a peer that connects and sends ${what} ${consequence}`, t =>
      turns.run(async () => {
        const victim = await startVictim(t, factory, options)
        const peer = await victim.greet()
        await attack(peer, victim)
        if (options.endsIt) await peer.ended
        await victim.survives()
      }))

    test(`${name}: a peer that was connected to and sends ${what} ${consequence}`, t =>
      turns.run(async () => {
        const victim = await startVictim(t, factory, options)
        const met = Promise.withResolvers<RawPeer>()
        const address = await listenRaw(t, peer => {
          peer.hello.then(() => met.resolve(peer)).catch(() => {})
        })
        victim.torrent.addPeer(address, 'manual')
        const peer = await met.promise
        peer.say(hello({ infoHash: victim.metainfo.infoHash! }))
        await attack(peer, victim)
        if (options.endsIt) await peer.ended
        await victim.survives()
      }))
  }
}
