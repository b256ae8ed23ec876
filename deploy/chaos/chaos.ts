// `npm run chaos -- --faults N --seed S [--kafka] [--json]`: exit 0 only when nothing was lost or
// doubled under the full load.
import { parseArgs } from 'node:util'
import { countFrom } from '../drive/count-option.ts'
import { LEAST_EVENTS_PER_SECOND, runChaos } from './run-chaos.ts'

const { values } = parseArgs({
  options: {
    faults: { type: 'string', default: '6' },
    seed: { type: 'string', default: '1' },
    kafka: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const result = await runChaos({
  faults: countFrom('faults', values.faults),
  seed: countFrom('seed', values.seed, 0),
  kafka: values.kafka,
  portBase: Number(process.env['BANSO_PORT_BASE'] ?? 24_000),
  say: (line) => console.error(line),
})
console.log(values.json ? JSON.stringify(result) : result)
const held = result.lost + result.doubled === 0 && result.offeredPerSecond >= LEAST_EVENTS_PER_SECOND
process.exit(held ? 0 : 1)
