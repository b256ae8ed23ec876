// `npm run smoke [-- --kafka | --compose] [--json]`: the whole story on a system of its own, with `--compose` in containers, what
// docs/operate/compose.md says typed before; exit 1 when a step fails.
import { parseArgs } from 'node:util'
import { type ComposedOptions, setComposedStage } from '../docker/composed.ts'
import { followPage } from '../docker/follow-page.ts'
import { runStory, type StoryResult, tellOn } from './story.ts'

/** In containers, what the page about them says comes first: the story then shows that nothing broke by it. */
const runComposed = async (options: Omit<ComposedOptions, 'purpose'>): Promise<StoryResult> => {
  const stage = await setComposedStage({ ...options, purpose: 'smoke' })
  try {
    await followPage(stage, options.say)
  } catch (fault) {
    await stage.close()
    throw fault
  }
  return tellOn(stage, options.say)
}

const { values } = parseArgs({
  options: {
    kafka: { type: 'boolean', default: false },
    compose: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
try {
  const options = { portBase: 21_000, say: (line: string) => console.error(line) }
  const result = await (values.compose ? runComposed(options) : runStory({ ...options, kafka: values.kafka }))
  const fell = `the score fell from ${result.before.toFixed(1)} to ${result.after.toFixed(1)}`
  const times = `event → webhook: ${result.eventToActionMs} ms, → mail: ${result.webhookToMailMs} ms later`
  console.log(values.json ? JSON.stringify(result) : `${fell}; ${times}`)
  process.exit(0)
} catch (fault) {
  console.error(`not ok: ${fault instanceof Error ? fault.message : String(fault)}`)
  process.exit(1)
}
