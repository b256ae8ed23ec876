import type { Finding, Heard } from './facts.ts'
import type { Activation } from './journey.ts'

const DISTINCT = 3
const USERS = 2

/** The first time that a person did something of a name. */
export interface FirstUse extends Heard {
  readonly name: string
  readonly personId: string
}

const compare = (a: FirstUse, b: FirstUse): number => {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1
}

/** When enough different names were used by enough people; null: not yet. In whatever order the uses are. */
export const activated = (rule: Activation, uses: readonly FirstUse[]): Finding | null => {
  const { distinct = DISTINCT, users = USERS } = rule
  const key = rule.keyEvents && new Set(rule.keyEvents)
  const counted = uses.filter(({ name }) => key === undefined || key.has(name)).toSorted(compare)
  const what = key ? 'key event' : distinct > 1 ? 'different event' : 'event'
  const names = new Set<string>()
  const people = new Set<string>()
  const evidence: string[] = []
  for (const { name, personId, at, id } of counted) {
    const says = (names.size < distinct && !names.has(name)) || (people.size < users && !people.has(personId))
    names.add(name)
    people.add(personId)
    if (says) evidence.unshift(id)
    if (names.size >= distinct && people.size >= users) {
      return {
        at,
        reason: `${counting(distinct, what)} used by ${counting(users, 'user')}`,
        values: { keyEvents: distinct, users, names: [...names].toSorted() },
        evidence: evidence.slice(0, 20),
      }
    }
  }
  return null
}

const counting = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
