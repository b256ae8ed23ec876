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

/** Six faults, of which each kills or stops something that an effect depends on. */
const EMBEDDED_SEED = 20_261_124
const KAFKA_SEED = 20_261_131

describe('six faults under load, on the embedded log', () => {
  it('lose nothing and double nothing', async () => {
    const result = await runChaos({ faults: 6, seed: EMBEDDED_SEED, kafka: false, portBase: 25_000, say })
    expectFullLoad(result)
    expect(result).toMatchObject({ faults: 6, lost: 0, doubled: 0 })
    expect(result.probes).toBeGreaterThan(0)
  }, 400_000)
})

describeKafka('six faults under load, on Kafka', () => {
  it('lose nothing and double nothing', async () => {
    const result = await runChaos({ faults: 6, seed: KAFKA_SEED, kafka: true, portBase: 26_000, say })
    expectFullLoad(result)
    expect(result).toMatchObject({ faults: 6, lost: 0, doubled: 0 })
    expect(result.probes).toBeGreaterThan(0)
  }, 400_000)
})
