// `npm run smoke [-- --kafka | --compose] [--json]`: the whole story on a system of its own, with `--compose` in containers;
// exit 1 when a step fails.
import { parseArgs } from 'node:util'
import { setComposedStage } from '../docker/composed.ts'
import { runStory, tellOn } from './story.ts'

const { values } = parseArgs({
  options: {
    kafka: { type: 'boolean', default: false },
    compose: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
try {
  const options = { portBase: 21_000, say: (line: string) => console.error(line) }
  const result = await (values.compose
    ? tellOn(await setComposedStage({ ...options, purpose: 'smoke' }), options.say)
    : runStory({ ...options, kafka: values.kafka }))
  const fell = `the score fell from ${result.before.toFixed(1)} to ${result.after.toFixed(1)}`
  const times = `event → webhook: ${result.eventToActionMs} ms, → mail: ${result.webhookToMailMs} ms later`
  console.log(values.json ? JSON.stringify(result) : `${fell}; ${times}`)
  process.exit(0)
} catch (fault) {
  console.error(`not ok: ${fault instanceof Error ? fault.message : String(fault)}`)
  process.exit(1)
}
