import { afterAll, describe, expect, it } from '@jest/globals'
import { describeKafka } from '@banso/testing'
import { type ChaosResult, runChaos } from './run-chaos.ts'

const lines: string[] = []
const say = (line: string) => lines.push(`${new Date().toISOString()} ${line}`)
afterAll(() => {
  process.stderr.write(`${lines.join('\n')}\n`)
})

/** On the whole: what other tests take of this machine may hold the load up for a moment. */
const LEAST_EVENTS_PER_SECOND = 200

const expectFullLoad = (result: ChaosResult): void => {
  expect(result.offeredPerSecond).toBeGreaterThanOrEqual(LEAST_EVENTS_PER_SECOND)
  expect(result.accepted).toBeGreaterThanOrEqual(LEAST_EVENTS_PER_SECOND * result.seconds)
  expect(result.repeats).toBeGreaterThan(0)
}

const FAULTS = 4
/** Gives each log the store, a consumer that is stopped and capture; Kafka its broker, the embedded log the sender. */
const SEED = 20_261_214

describe('four faults under load, on the embedded log', () => {
  it('lose nothing and double nothing', async () => {
    const result = await runChaos({ faults: FAULTS, seed: SEED, kafka: false, portBase: 25_000, say })
    expectFullLoad(result)
    expect(result).toMatchObject({
      faults: FAULTS,
      lost: 0,
      doubled: 0,
      kinds: { 'kill postgres': 1, 'stop health': 1 },
    })
    expect(result.probes).toBeGreaterThan(0)
  }, 400_000)
})

describeKafka('four faults under load, on Kafka', () => {
  it('lose nothing and double nothing', async () => {
    const result = await runChaos({ faults: FAULTS, seed: SEED, kafka: true, portBase: 26_000, say })
    expectFullLoad(result)
    expect(result).toMatchObject({ faults: FAULTS, lost: 0, doubled: 0, kinds: { 'kill kafka': 1, 'stop health': 1 } })
    expect(result.probes).toBeGreaterThan(0)
  }, 400_000)
})
