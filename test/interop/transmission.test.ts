import test, { type ExecutionContext } from 'ava'
import { type Content, ourSeedTheirLeech, theirSeedOurLeech } from '../kit/exchange.ts'
import { requireProgram, requireThat } from '../kit/external.ts'
import { canMakeNamespaces, makeNamespace } from '../kit/namespace.ts'
import { Transmission } from '../kit/peers/transmission.ts'

function canRun(t: ExecutionContext): boolean {
  const missing = 'network namespaces cannot be made here (they take Linux, root and iproute2)'
  return requireProgram(t, 'transmission-daemon') && requireThat(t, canMakeNamespaces(), missing)
}

for (const content of ['a single file', 'an album'] satisfies Content[]) {
  test(`transmission takes ${content} from us`, async t => {
    if (!canRun(t)) return
    const namespace = await makeNamespace(t)
    const peer = new Transmission(t, namespace)
    await ourSeedTheirLeech(t, peer, content, { host: namespace.outside, leavesOutEmptyFiles: true })
  })

  test(`we take ${content} from transmission`, async t => {
    if (canRun(t)) await theirSeedOurLeech(t, new Transmission(t, await makeNamespace(t)), content)
  })
}
