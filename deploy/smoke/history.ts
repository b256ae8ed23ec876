// `npm run history -- --file F [--kafka] [--json]`: a real activity log through the front door, a tenth of it twice and out
// of order; then `/usage` against a count of the file. Columns: ts (seconds), tz_offset, account_id, user_id, feature.
import { parseArgs } from 'node:util'
import { setStage } from '../drive/stage.ts'
import { loadHistory, readHistory } from './load-history.ts'

const { values } = parseArgs({
  options: {
    file: { type: 'string' },
    kafka: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
if (!values.file) {
  console.error('usage: npm run history -- --file <csv or csv.gz> [--kafka] [--json]')
  process.exit(2)
}
const events = readHistory(values.file)
const stage = await setStage({
  purpose: 'history',
  kafka: values.kafka,
  portBase: 28_000,
  say: (line) => console.error(line),
})
let kept = false
try {
  const result = { log: values.kafka ? 'kafka' : 'embedded', ...(await loadHistory(stage, events)) }
  kept = result.different + result.fired === 0
  console.log(values.json ? JSON.stringify(result) : result)
} finally {
  await stage.close()
}
process.exit(kept ? 0 : 1)
