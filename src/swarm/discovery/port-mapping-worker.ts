import { parentPort, workerData } from 'node:worker_threads'
import NatApi from '@silentbot1/nat-api'
import type { MappingOrder } from './port-mapping-thread.ts'

const { port, leaseSeconds, isToEnd } = workerData as MappingOrder
const router = new NatApi({
  ttl: leaseSeconds,
  description: 'p2pshare',
  autoUpdate: false,
  enablePMP: true,
  enableUPNP: true,
})
const mapping = { publicPort: port, privatePort: port }

let isDone = false
for (const protocol of ['TCP', 'UDP'] as const) {
  const answer = isToEnd ? router.unmap({ ...mapping, protocol }) : router.map({ ...mapping, protocol })
  isDone = (await answer.catch(() => false)) || isDone
}
parentPort!.postMessage(isDone)
