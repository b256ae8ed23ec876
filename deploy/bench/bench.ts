// `npm run bench -- pipeline [--kafka] [--rate N] [--seconds N] [--json]`: exit 0 only when it keeps up, with a p95 < 1 s.
import { parseArgs } from 'node:util'
import { countFrom } from '../drive/count-option.ts'
import { LEAST_SECONDS, runPipeline } from './pipeline.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kafka: { type: 'boolean', default: false },
    rate: { type: 'string' },
    seconds: { type: 'string', default: '120' },
    json: { type: 'boolean', default: false },
  },
})
const [name] = positionals
if (name !== 'pipeline') {
  console.error('usage: npm run bench -- pipeline [--kafka] [--rate N] [--seconds N] [--json]')
  process.exit(2)
}
const result = await runPipeline({
  kafka: values.kafka,
  eventsPerSecond: countFrom('rate', values.rate ?? (values.kafka ? '1000' : '500')),
  seconds: countFrom('seconds', values.seconds, LEAST_SECONDS),
  portBase: 27_000,
  say: (line) => console.error(line),
})
console.log(values.json ? JSON.stringify(result) : result)
process.exit(result.kept ? 0 : 1)
