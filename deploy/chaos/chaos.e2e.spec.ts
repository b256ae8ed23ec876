import { afterAll, describe, expect, it } from '@jest/globals'
import { describeKafka } from '@banso/testing'
import { runChaos } from './run-chaos.ts'

const lines: string[] = []
const say = (line: string) => lines.push(`${new Date().toISOString()} ${line}`)
afterAll(() => {
  process.stderr.write(`${lines.join('\n')}\n`)
})

describe('six faults under load, on the embedded log', () => {
  it('lose nothing and double nothing', async () => {
    const result = await runChaos({ faults: 6, seed: 20_261_122, kafka: false, portBase: 25_000, say })
    expect(result).toMatchObject({ faults: 6, lost: 0, doubled: 0 })
    expect(result.accepted).toBeGreaterThan(200 * result.seconds * 0.5)
    expect(result.repeats).toBeGreaterThan(0)
  }, 400_000)
})

describeKafka('six faults under load, on Kafka', () => {
  it('lose nothing and double nothing', async () => {
    const result = await runChaos({ faults: 6, seed: 20_261_122, kafka: true, portBase: 26_000, say })
    expect(result).toMatchObject({ faults: 6, lost: 0, doubled: 0 })
    expect(result.repeats).toBeGreaterThan(0)
  }, 400_000)
})
