import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type JourneyKnown, mergeJourney, NOTHING_KNOWN, paceOf, type Stamp } from './journey-known.ts'

// One writer says one thing under one stamp: what is said follows from where in the sequence it is said.
const said = (sequence: number, kind: number): JourneyKnown => {
  const at: Stamp = [sequence % 7 === 0 ? 2 : 1, sequence]
  const since = new Date(sequence * 3_600_000).toISOString()
  const stage = { ...NOTHING_KNOWN, stage: { value: { name: `stage-${sequence}`, since }, at } }
  if (kind === 0) return stage
  if (kind === 1) return { ...NOTHING_KNOWN, pace: { value: sequence % 2 === 0 ? 'behind' : 'stuck', at } }
  if (kind === 2) return { ...NOTHING_KNOWN, flags: { stalled: { value: sequence % 2 === 0, at } } }
  return { ...NOTHING_KNOWN, milestones: [`milestone-${sequence % 5}`] }
}

const entered = (sequence: number): JourneyKnown => ({
  ...NOTHING_KNOWN,
  stage: { value: { name: 'adoption', since: 'x' }, at: [1, sequence] },
})

const words = fc
  .uniqueArray(fc.tuple(fc.nat(200), fc.nat(3)), { selector: ([sequence]) => sequence, maxLength: 40 })
  .map((all) => all.map(([sequence, kind]) => said(sequence, kind)))

const fold = (all: readonly JourneyKnown[]) => all.reduce(mergeJourney, NOTHING_KNOWN)

describe('what is known of a journey', () => {
  it('is the same in whatever order, however often and in whatever parts it is told', () => {
    const told = words.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray(all, { minLength: all.length }),
        fc.subarray(all),
        fc.nat(all.length),
      ),
    )
    fc.assert(
      fc.property(told, ([inOrder, shuffled, repeated, cut]) => {
        const late = [...shuffled, ...repeated]
        const inParts = mergeJourney(fold(late.slice(cut)), fold(late.slice(0, cut)))
        expect(fold(late)).toEqual(fold(inOrder))
        expect(inParts).toEqual(fold(inOrder))
      }),
    )
  })

  it('keeps the latest word on the stage, by generation before sequence', () => {
    const first: JourneyKnown = { ...NOTHING_KNOWN, stage: { value: { name: 'adoption', since: 'x' }, at: [1, 90] } }
    const anew: JourneyKnown = { ...NOTHING_KNOWN, stage: { value: { name: 'expansion', since: 'y' }, at: [2, 3] } }
    expect(mergeJourney(anew, first).stage?.value.name).toBe('expansion')
  })

  it('is on track in a new stage, whatever it was in the one before', () => {
    const stuck: JourneyKnown = { ...NOTHING_KNOWN, pace: { value: 'stuck', at: [1, 5] } }
    expect(paceOf(mergeJourney(entered(4), stuck))).toBe('stuck')
    expect(paceOf(mergeJourney(stuck, entered(6)))).toBe('on-track')
  })
})
