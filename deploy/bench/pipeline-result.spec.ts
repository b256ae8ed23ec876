import { describe, expect, it } from '@jest/globals'
import { type PipelineRounds, resultOf } from './pipeline-result.ts'
import type { Round } from './pipeline-round.ts'

const SECONDS = 40

/** Effects that took so long, and the lag of the quarters of the round. */
const round = (latencies: readonly (number | undefined)[], lags = [0, 0, 0, 0], more: Partial<Round> = {}): Round => ({
  begun: 0,
  answers: latencies.map((latency, sentAt) => ({ sentAt, latency })),
  samples: lags.map((lag, quarter) => ({ second: (quarter * SECONDS) / 4, lag })),
  accepted: 100,
  appended: 100,
  cpuSeconds: {},
  ...more,
})

const floors = [round([10]), round([20]), round([40])]
const ours = [round([100], [0, 50, 0, 60]), round([400], [0, 50, 0, 900]), round([300], [0, 70, 0, 80])]
const said: string[] = []
const judge = (rounds: Partial<PipelineRounds>) =>
  resultOf(
    { warmUp: round([5000]), product: ours, floor: floors, ...rounds },
    {
      kafka: false,
      eventsPerSecond: 500,
      seconds: SECONDS,
      rounds: 3,
      portBase: 0,
      say: (line) => void said.push(line),
    },
    30,
  )

describe('what rounds of the pipeline come to', () => {
  it('is medians, and the median of what each is to the floor beside it', () => {
    expect(judge({})).toMatchObject({ p95Ms: 300, floorP95Ms: 20, ratioP95: 10, p95ByRoundMs: [100, 400, 300] })
  })

  it('is kept by the round in the middle', () => {
    expect(judge({})).toMatchObject({ kept: true, lagEarly: 70, lagLate: 80, accepted: 600, appended: 600 })
    const behind = round([300], [0, 70, 0, 571])
    expect(judge({ product: [...ours.slice(0, 2), behind] })).toMatchObject({ kept: false, lagLate: 571 })
    const slow = round([1000])
    expect(judge({ product: [ours[0] ?? slow, slow, slow] })).toMatchObject({ kept: false, p95Ms: 1000 })
  })

  it('is not kept where something is missing', () => {
    const lost = round([300, undefined], [0, 70, 0, 80])
    expect(judge({ product: [...ours.slice(0, 2), lost] })).toMatchObject({ kept: false, missing: 1 })
    expect(judge({ floor: [...floors.slice(0, 2), lost] })).toMatchObject({ kept: false, floorMissing: 1 })
    expect(said).toEqual([])
    expect(judge({ floor: [...floors.slice(0, 2), round([40], [], { appended: 99 })] })).toMatchObject({ kept: false })
    expect(said).toEqual(['600 events were accepted, but the ends of the topic grew by 599: 1 are missing'])
  })
})
