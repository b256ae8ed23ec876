import { describe, expect, it } from '@jest/globals'
import { planFaults } from './faults.ts'

const counted = (kafka: boolean, seed: number): Map<string, number> => {
  const plan = planFaults(30, seed, kafka).map(({ kind, victim }) => (kind === 'stop' ? kind : `${kind} ${victim}`))
  return new Map([...Map.groupBy(plan, (name) => name)].map(([name, all]) => [name, all.length]))
}

describe('a plan of faults', () => {
  const kills = ['ingestion', 'accounts', 'health', 'journeys', 'playbooks', 'postgres'].map((name) => `kill ${name}`)

  it.each([1, 2, 3])('has each kind at least twice in thirty, with seed %s', (seed) => {
    for (const kafka of [false, true]) {
      const counts = counted(kafka, seed)
      expect([...counts.keys()].toSorted()).toEqual(['stop', ...kills, ...(kafka ? ['kill kafka'] : [])].toSorted())
      expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(2)
    }
  })

  it('is the same for the same seed, and another for another', () => {
    expect(planFaults(30, 1, true)).toEqual(planFaults(30, 1, true))
    expect(planFaults(30, 1, true)).not.toEqual(planFaults(30, 2, true))
  })
})
