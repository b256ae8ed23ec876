// `npm run smoke [-- --kafka | --compose] [--json]`: the whole story on a system of its own, with `--compose` in containers, what
// docs/operate/compose.md says typed before; exit 1 when a step fails.
import { parseArgs } from 'node:util'
import { setComposedStage } from '../docker/composed.ts'
import { followPage } from '../docker/follow-page.ts'
import { setStage } from '../drive/stage.ts'
import { type StoryResult, tellStory } from './story.ts'

const place = { purpose: 'smoke', portBase: 21_000, say: (line: string) => console.error(line) }

const run = async (kafka: boolean): Promise<StoryResult> => {
  const stage = await setStage({ ...place, kafka })
  try {
    return await tellStory(stage, place.say)
  } finally {
    await stage.close()
  }
}

/** In containers, what the page about them says comes first: the story then shows that nothing broke by it. */
const runComposed = async (): Promise<StoryResult> => {
  const stage = await setComposedStage(place)
  try {
    await followPage(stage, place.say)
    return await tellStory(stage, place.say)
  } finally {
    await stage.close()
  }
}

const { values } = parseArgs({
  options: {
    kafka: { type: 'boolean', default: false },
    compose: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
try {
  const result = await (values.compose ? runComposed() : run(values.kafka))
  const fell = `the score fell from ${result.before.toFixed(1)} to ${result.after.toFixed(1)}`
  const times = `event → webhook: ${result.eventToActionMs} ms, → mail: ${result.webhookToMailMs} ms later`
  const { tickets, medianMs, mostMs } = result.ticketsAnswered
  const answered = `${tickets} tickets, answered in ${medianMs} ms (median), ${mostMs} ms (most)`
  console.log(values.json ? JSON.stringify(result) : `${fell}; ${times}; ${answered}`)
  process.exit(0)
} catch (fault) {
  console.error(`not ok: ${fault instanceof Error ? fault.message : String(fault)}`)
  process.exit(1)
}
