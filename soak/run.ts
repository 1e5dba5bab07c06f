// Lets peers come and go for a long time: npm run soak [-- churn|simulation] [-- --minutes 30 --seed 1 --engine native]
import { parseArgs } from 'node:util'
import { loadEngines } from '../test/kit/engines.ts'
import { churn } from './churn.ts'
import { simulations } from './simulations.ts'

const kinds = { churn, simulation: simulations }
const { values, positionals } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    engine: { type: 'string', default: 'native' },
  },
  allowPositionals: true,
})
const kind = kinds[(positionals[0] ?? 'churn') as keyof typeof kinds]
const minutes = Number(values.minutes)
const seed = Number(values.seed)
const engines = (await loadEngines()).filter(({ name }) => values.engine === 'both' || name === values.engine)
if (!kind || !(minutes > 0) || !Number.isSafeInteger(seed) || engines.length === 0) {
  console.error(
    'npm run soak -- churn|simulation [--minutes 30] [--seed 1] [--engine native|webtorrent|both]',
  )
  process.exit(2)
}
console.log(
  `${positionals[0] ?? 'churn'}, ${minutes} minutes, seed ${seed}, ${engines.map(({ name }) => name).join(' and ')}`,
)
const isWell = await kind({ minutes, seed, engines }).catch(error => {
  console.error(error)
  return false
})
process.exit(isWell ? 0 : 1)
