import { describeKafka } from '@banso/testing'
import { describe, expect, it } from '@jest/globals'
import { WAIT_SECONDS } from './rescue.ts'
import { runStory, type StoryResult } from './story.ts'

const tell = async (kafka: boolean, portBase: number): Promise<StoryResult> => {
  const lines: string[] = []
  return runStory({ kafka, portBase, say: (line) => lines.push(line) }).catch((fault: unknown) => {
    process.stderr.write(`${lines.join('\n')}\n`)
    throw fault
  })
}

const RED = 40
const WAITED_MS = WAIT_SECONDS * 1000
/** A webhook is seen to arrive before its sender knows. */
const UNKNOWN_MS = 100

describe('from nothing to action, on the embedded log', () => {
  it('a ticket makes a webhook, a mail and a task come', async () => {
    const { before, after, webhookToMailMs } = await tell(false, 22_000)
    expect(before).toBeGreaterThanOrEqual(RED)
    expect(after).toBeLessThan(RED)
    expect(webhookToMailMs).toBeGreaterThan(WAITED_MS - UNKNOWN_MS)
  }, 180_000)
})

describeKafka('from nothing to action, on Kafka', () => {
  it('a ticket makes a webhook, a mail and a task come', async () => {
    const { before, after, webhookToMailMs } = await tell(true, 23_000)
    expect(before).toBeGreaterThanOrEqual(RED)
    expect(after).toBeLessThan(RED)
    expect(webhookToMailMs).toBeGreaterThan(WAITED_MS - UNKNOWN_MS)
  }, 180_000)
})
