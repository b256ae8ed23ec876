// `npm run smoke [-- --kafka] [--json]`: the whole story on a system of its own; exit 1 when a step fails.
import { parseArgs } from 'node:util'
import { runStory } from './story.ts'

const { values } = parseArgs({
  options: { kafka: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
})
try {
  const result = await runStory({ kafka: values.kafka, portBase: 21_000, say: (line) => console.error(line) })
  const fell = `the score fell from ${result.before.toFixed(1)} to ${result.after.toFixed(1)}`
  const times = `event → webhook: ${result.eventToActionMs} ms, → mail: ${result.webhookToMailMs} ms later`
  console.log(values.json ? JSON.stringify(result) : `${fell}; ${times}`)
  process.exit(0)
} catch (fault) {
  console.error(`not ok: ${fault instanceof Error ? fault.message : String(fault)}`)
  process.exit(1)
}
