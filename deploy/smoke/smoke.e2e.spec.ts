import { describeKafka } from '@banso/testing'
import { describe, expect, it } from '@jest/globals'
import { runStory, type StoryResult } from './story.ts'

const tell = async (kafka: boolean, portBase: number): Promise<StoryResult> => {
  const lines: string[] = []
  return runStory({ kafka, portBase, say: (line) => lines.push(line) }).catch((fault: unknown) => {
    process.stderr.write(`${lines.join('\n')}\n`)
    throw fault
  })
}

const RED = 40

describe('from nothing to action, on the embedded log', () => {
  it('a ticket makes a webhook arrive', async () => {
    const { before, after } = await tell(false, 22_000)
    expect(before).toBeGreaterThanOrEqual(RED)
    expect(after).toBeLessThan(RED)
  }, 180_000)
})

describeKafka('from nothing to action, on Kafka', () => {
  it('a ticket makes a webhook arrive', async () => {
    const { before, after } = await tell(true, 23_000)
    expect(before).toBeGreaterThanOrEqual(RED)
    expect(after).toBeLessThan(RED)
  }, 180_000)
})
