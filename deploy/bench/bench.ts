// `npm run bench -- pipeline [--kafka] [--rate N] [--seconds N] [--json]`: exit 0 only when it keeps up, with a p95 < 1 s.
// `npm run bench -- fold [--kafka] [--accounts 1000,10000,100000] [--events N] [--rounds N] [--json]`: exit 0 only when
// folding is at least half as fast as its floor, and an event's CPU the same within 15 % at every number of accounts.
import { parseArgs } from 'node:util'
import { countFrom } from '../drive/count-option.ts'
import { runFold } from './fold.ts'
import { LEAST_SECONDS, runPipeline } from './pipeline.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kafka: { type: 'boolean', default: false },
    rate: { type: 'string' },
    seconds: { type: 'string', default: '120' },
    accounts: { type: 'string', default: '1000,10000,100000' },
    events: { type: 'string', default: '300000' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
})
const say = (line: string) => console.error(line)
const portBaseOr = (usual: number): number => Number(process.env['BANSO_PORT_BASE'] ?? usual)
const benches = {
  pipeline: () =>
    runPipeline({
      kafka: values.kafka,
      eventsPerSecond: countFrom('rate', values.rate ?? (values.kafka ? '1000' : '500')),
      seconds: countFrom('seconds', values.seconds, LEAST_SECONDS),
      portBase: portBaseOr(27_000),
      say,
    }),
  fold: () =>
    runFold({
      kafka: values.kafka,
      sizes: values.accounts.split(',').map((count) => countFrom('accounts', count)),
      events: countFrom('events', values.events, 1000),
      rounds: countFrom('rounds', values.rounds),
      portBase: portBaseOr(31_000),
      say,
    }),
}
const [name = ''] = positionals
const isBench = (text: string): text is keyof typeof benches => Object.hasOwn(benches, text)
if (!isBench(name)) {
  console.error(`usage: npm run bench -- ${Object.keys(benches).join(' | ')} [--kafka] [--json] …`)
  process.exit(2)
}
const result = await benches[name]()
console.log(values.json ? JSON.stringify(result) : result)
process.exit(result.kept ? 0 : 1)
