import { afterAll, describe, expect, it } from '@jest/globals'
import { describeKafka } from '@banso/testing'
import { type ChaosResult, LEAST_EVENTS_PER_SECOND, runChaos } from './run-chaos.ts'

const lines: string[] = []
const say = (line: string) => lines.push(`${new Date().toISOString()} ${line}`)
afterAll(() => {
  process.stderr.write(`${lines.join('\n')}\n`)
})

const expectFullLoad = (result: ChaosResult): void => {
  expect(result.offeredPerSecond).toBeGreaterThanOrEqual(LEAST_EVENTS_PER_SECOND)
  expect(result.accepted).toBeGreaterThanOrEqual(LEAST_EVENTS_PER_SECOND * result.seconds)
  expect(result.repeats).toBeGreaterThan(0)
}

describe('six faults under load, on the embedded log', () => {
  it('lose nothing and double nothing', async () => {
    const result = await runChaos({ faults: 6, seed: 20_261_122, kafka: false, portBase: 25_000, say })
    expectFullLoad(result)
    expect(result).toMatchObject({ faults: 6, lost: 0, doubled: 0 })
  }, 400_000)
})

describeKafka('six faults under load, on Kafka', () => {
  it('lose nothing and double nothing', async () => {
    const result = await runChaos({ faults: 6, seed: 20_261_122, kafka: true, portBase: 26_000, say })
    expectFullLoad(result)
    expect(result).toMatchObject({ faults: 6, lost: 0, doubled: 0 })
  }, 400_000)
})
