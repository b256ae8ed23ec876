// Each against its floor, in rounds that take turns; exit 0 only when the log grew by as much as was accepted, and more:
// `npm run bench -- capture|sorter|outbox [--kafka] [--events N] [--rounds N] [--json]`: nothing more.
// `npm run bench -- pipeline [--kafka] [--rate N] [--seconds N] [--rounds N] [--json]`: it keeps up, with a p95 < 1 s.
// `npm run bench -- fold [--kafka] [--accounts 1000,10000,100000] [--events N] [--rounds N] [--json]`: folding is at least
// half as fast as its floor, and an event's CPU the same within 15 % at every number of accounts; from 50,000 events on.
// Without a floor: `npm run bench -- memory [--seconds N]`: what an idle system holds, in MB; exit 0 below 800.
// `--keep` leaves the result in `results/`; `npm run bench -- table` makes the README's table of them.
import { parseArgs } from 'node:util'
import { countFrom } from '../drive/count-option.ts'
import { runCapture } from './capture.ts'
import { runFold } from './fold.ts'
import { runMemory } from './memory.ts'
import { runOutbox } from './outbox.ts'
import { runPipeline } from './pipeline.ts'
import { runSorter } from './sorter.ts'
import { keep, writeTable } from './table.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kafka: { type: 'boolean', default: false },
    rate: { type: 'string' },
    seconds: { type: 'string' },
    accounts: { type: 'string', default: '1000,10000,100000' },
    events: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
})
/** Each quarter of a round has a look at the lag. */
const LEAST_SECONDS = 8
const say = (line: string) => console.error(line)
const portBaseOr = (usual: number): number => Number(process.env['BANSO_PORT_BASE'] ?? usual)
const inRounds = (usualEvents: string, usualPort: number) => ({
  kafka: values.kafka,
  events: countFrom('events', values.events ?? usualEvents, 1000),
  rounds: countFrom('rounds', values.rounds),
  portBase: portBaseOr(usualPort),
  say,
})
const benches = {
  pipeline: () =>
    runPipeline({
      kafka: values.kafka,
      eventsPerSecond: countFrom('rate', values.rate ?? (values.kafka ? '1000' : '500')),
      seconds: countFrom('seconds', values.seconds ?? '40', LEAST_SECONDS),
      rounds: countFrom('rounds', values.rounds),
      portBase: portBaseOr(27_000),
      say,
    }),
  capture: () => runCapture(inRounds('500000', 20_000)),
  sorter: () => runSorter(inRounds('100000', 20_200)),
  outbox: () => runOutbox(inRounds('100000', 20_400)),
  memory: () =>
    runMemory({ portBase: portBaseOr(20_600), idleSeconds: countFrom('seconds', values.seconds ?? '120'), say }),
  fold: () =>
    runFold({
      kafka: values.kafka,
      sizes: values.accounts.split(',').map((count) => countFrom('accounts', count)),
      events: countFrom('events', values.events ?? (values.kafka ? '100000' : '300000'), 1000),
      rounds: countFrom('rounds', values.rounds),
      portBase: portBaseOr(31_000),
      say,
    }),
}
const [name = ''] = positionals
if (name === 'table') {
  writeTable()
  process.exit(0)
}
const isBench = (text: string): text is keyof typeof benches => Object.hasOwn(benches, text)
if (!isBench(name)) {
  console.error(`usage: npm run bench -- ${Object.keys(benches).join(' | ')} [--kafka] [--json] …`)
  process.exit(2)
}
const result = await benches[name]()
if (values.keep) keep(name, result, new Date())
console.log(values.json ? JSON.stringify(result) : result)
process.exit(result.kept ? 0 : 1)
