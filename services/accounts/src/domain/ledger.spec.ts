import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { foldObservations, peopleIn, type Known } from './ledger.ts'
import { type Observation, type Profile, profiledOf } from './profile.ts'

const accounts = ['0a8ee9a5-6f1b-5d2c-9d3e-111111111111', '0a8ee9a5-6f1b-5d2c-9d3e-222222222222']
const people = [1, 2, 3].map((n) => `5f0f1c1e-0000-4000-8000-00000000000${n}`)
const instants = ['2026-03-01T09:00:00.000Z', '2026-03-01T10:00:00.000Z', '2026-03-02T09:00:00.000Z']

const traits = fc.dictionary(
  fc.constantFrom('name', 'plan', 'seats', 'note', '__proto__'),
  fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('a', 'b', 'x'.repeat(2000)), fc.constant(null)),
)
const sealed = fc.option(
  fc.record({ subject: fc.constant('s'), nonce: fc.constant('AAAAAAAAAAAAAAAA'), data: fc.constantFrom('c1', 'c2') }),
  { nil: undefined },
)
const said = { accountId: fc.constantFrom(...accounts), traits, sealed }
const accountSaid = fc.record({
  ...said,
  personId: fc.option(fc.constantFrom(...people)),
  externalId: fc.constantFrom('x', 'y'),
})
const personSaid = fc.record({ ...said, personId: fc.constantFrom(...people) })

const origin = { receivedAt: '2026-03-03T00:00:00.000Z', source: 'app', messageId: 'm' }
const drop = <T extends { sealed?: unknown }>({ sealed: value, ...rest }: T) =>
  value === undefined ? rest : { ...rest, sealed: value }

/** ce_ids are unique: the same id always is the same event. */
const history: fc.Arbitrary<Observation[]> = fc
  .array(fc.tuple(fc.constantFrom(...instants), fc.oneof(accountSaid, personSaid)), { minLength: 1, maxLength: 25 })
  .map((items) =>
    items.map(([at, data], index): Observation => {
      const stamp = { at, by: `e${(index * 7) % 25}` }
      return 'externalId' in data
        ? { ...stamp, of: 'account', data: { ...origin, namespace: 'default', ...drop(data) } }
        : { ...stamp, of: 'person', data: { ...origin, ...drop(data) } }
    }),
  )

const replay = (observations: readonly Observation[], chunk: number) => {
  let known: Known = { profiles: [], people: [] }
  const counts = new Map<string, number>()
  const published = new Map<string, Profile>()
  for (let from = 0; from < observations.length; from += chunk) {
    const part = observations.slice(from, from + chunk)
    const mine = new Set(peopleIn(part).map(({ accountId, personId }) => accountId + personId))
    const before = known
    const folded = foldObservations(
      {
        profiles: before.profiles.filter((p) => part.some(({ data }) => data.accountId === p.accountId)),
        people: before.people.filter((p) => mine.has(p.accountId + p.personId)),
      },
      part,
    )
    for (const [id, count] of folded.newPeople) counts.set(id, (counts.get(id) ?? 0) + count)
    for (const profile of folded.news) published.set(profile.accountId, profile)
    known = {
      profiles: [...new Map([...before.profiles, ...folded.profiles].map((p) => [p.accountId, p])).values()],
      people: [...new Map([...before.people, ...folded.people].map((p) => [p.accountId + p.personId, p])).values()],
    }
  }
  return { known, counts, published }
}

const byKey = <T>(of: (item: T) => string, items: readonly T[]): Record<string, T> =>
  Object.fromEntries(items.map((item) => [of(item), item]))

const stateOf = ({ known, counts }: ReturnType<typeof replay>) => ({
  profiles: byKey((p) => p.accountId, known.profiles),
  people: byKey((p) => p.accountId + p.personId, known.people),
  counts: Object.fromEntries(counts),
})

describe('folding observations', () => {
  it('comes to the same whatever the order, the chunks and the repeats', () => {
    const shuffled = history.chain((items) =>
      fc.record({
        items: fc.constant(items),
        late: fc
          .shuffledSubarray([...items, ...items], { minLength: items.length, maxLength: items.length * 2 })
          .map((some) => [...some, ...items.toReversed()]),
        chunk: fc.integer({ min: 1, max: 9 }),
      }),
    )
    fc.assert(
      fc.property(shuffled, ({ items, late, chunk }) => {
        expect(stateOf(replay(late, chunk))).toEqual(stateOf(replay(items, items.length)))
      }),
      { numRuns: 300 },
    )
  })

  it('has told others all but the hour of the newest observation', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 9 }), (items, chunk) => {
        const { known, published } = replay(items, chunk)
        for (const profile of known.profiles) {
          const present = profiledOf(profile as Parameters<typeof profiledOf>[0])
          const told = profiledOf(published.get(profile.accountId) as Parameters<typeof profiledOf>[0])
          expect({ ...told, lastObservedAt: told.lastObservedAt.slice(0, 10) }).toEqual({
            ...present,
            lastObservedAt: present.lastObservedAt.slice(0, 10),
          })
        }
      }),
      { numRuns: 200 },
    )
  })

  it('counts a person once per account, whichever observation named them', () => {
    const data = { ...origin, accountId: accounts[0] ?? '', personId: people[0] ?? '', traits: {} }
    const folded = foldObservations({ profiles: [], people: [] }, [
      { of: 'person', at: instants[0] ?? '', by: 'e1', data },
      { of: 'account', at: instants[1] ?? '', by: 'e2', data: { ...data, externalId: 'acme', namespace: 'default' } },
      { of: 'person', at: instants[1] ?? '', by: 'e3', data: { ...data, accountId: accounts[1] ?? '' } },
    ])
    expect([...folded.newPeople]).toEqual(accounts.map((id) => [id, 1]))
  })

  it('names no person where a group call had no user', () => {
    const data = {
      ...origin,
      accountId: accounts[0] ?? '',
      personId: null,
      traits: {},
      externalId: 'acme',
      namespace: 'n',
    }
    const observations: Observation[] = [{ of: 'account', at: instants[0] ?? '', by: 'e1', data }]
    expect(peopleIn(observations)).toEqual([])
    expect(foldObservations({ profiles: [], people: [] }, observations).people).toEqual([])
  })
})
