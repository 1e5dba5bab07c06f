import test, { type ExecutionContext } from 'ava'
import { type Content, engines, ourSeedTheirLeech, theirSeedOurLeech } from '../kit/exchange.ts'
import { requireProgram, requireThat } from '../kit/external.ts'
import { canMakeNamespaces, makeNamespace } from '../kit/namespace.ts'
import { Transmission } from '../kit/peers/transmission.ts'

function canRun(t: ExecutionContext): boolean {
  const missing = 'network namespaces cannot be made here (they take Linux, root and iproute2)'
  return requireProgram(t, 'transmission-daemon') && requireThat(t, canMakeNamespaces(), missing)
}

for (const engine of engines)
  for (const content of ['a single file', 'an album'] satisfies Content[]) {
    test(`transmission takes ${content} from us, by the ${engine} engine`, async t => {
      if (!canRun(t)) return
      const namespace = await makeNamespace(t)
      await ourSeedTheirLeech(t, new Transmission(t, namespace), content, {
        host: namespace.outside,
        leavesOutEmptyFiles: true,
        swarm: { engine },
      })
    })

    test(`we take ${content} from transmission, by the ${engine} engine`, async t => {
      if (!canRun(t)) return
      const peer = new Transmission(t, await makeNamespace(t))
      await theirSeedOurLeech(t, peer, content, { swarm: { engine } })
    })
  }
