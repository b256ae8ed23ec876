// `npm run chaos -- --faults N --seed S [--kafka] [--json]`: exit 0 only when nothing was lost or doubled.
import { parseArgs } from 'node:util'
import { runChaos } from './run-chaos.ts'

const { values } = parseArgs({
  options: {
    faults: { type: 'string', default: '6' },
    seed: { type: 'string', default: '1' },
    kafka: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const result = await runChaos({
  faults: Number(values.faults),
  seed: Number(values.seed),
  kafka: values.kafka,
  portBase: 24_000,
  say: (line) => console.error(line),
})
console.log(values.json ? JSON.stringify(result) : result)
process.exit(result.lost + result.doubled === 0 ? 0 : 1)
