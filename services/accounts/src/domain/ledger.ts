// Folds a batch of observations of many accounts over what is known of them.
import { foldPerson, unseen, type Person } from './person.ts'
import { foldProfile, isNews, unobserved, type Observation, type ObservedProfile, type Profile } from './profile.ts'

export interface PersonKey {
  readonly accountId: string
  readonly personId: string
}

export interface Known {
  readonly profiles: readonly Profile[]
  readonly people: readonly Person[]
}

export interface Folded {
  readonly profiles: readonly ObservedProfile[]
  readonly people: readonly Person[]
  /** How many of `people` are seen in their account for the first time. */
  readonly newPeople: ReadonlyMap<string, number>
  /** The profiles that others need to hear of. */
  readonly news: readonly ObservedProfile[]
}

const textOf = ({ accountId, personId }: PersonKey): string => `${accountId}/${personId}`

const personOf = ({ data }: Observation): PersonKey | null =>
  data.personId === null ? null : { accountId: data.accountId, personId: data.personId }

/** Whom these observations name, each once. */
export const peopleIn = (observations: readonly Observation[]): PersonKey[] => {
  const named = observations.map(personOf).filter((key) => key !== null)
  return [...new Map(named.map((key) => [textOf(key), key])).values()]
}

const foldPeople = (known: readonly Person[], observations: readonly Observation[]) => {
  const before = new Set(known.map(textOf))
  const people = new Map(known.map((person) => [textOf(person), person]))
  for (const observation of observations) {
    const key = personOf(observation)
    if (key === null) continue
    const person = people.get(textOf(key)) ?? unseen(key.accountId, key.personId)
    people.set(textOf(key), foldPerson(person, observation))
  }
  const newPeople = new Map<string, number>()
  for (const [key, { accountId }] of people)
    if (!before.has(key)) newPeople.set(accountId, (newPeople.get(accountId) ?? 0) + 1)
  return { people: [...people.values()], newPeople }
}

export const foldObservations = (known: Known, observations: readonly Observation[]): Folded => {
  const before = new Map(known.profiles.map((profile) => [profile.accountId, profile]))
  const after = new Map<string, ObservedProfile>()
  const knownOf = (accountId: string): Profile => before.get(accountId) ?? unobserved(accountId)
  for (const observation of observations) {
    const { accountId } = observation.data
    after.set(accountId, foldProfile(after.get(accountId) ?? knownOf(accountId), observation))
  }
  const profiles = [...after.values()]
  return {
    profiles,
    ...foldPeople(known.people, observations),
    news: profiles.filter((profile) => isNews(knownOf(profile.accountId), profile)),
  }
}
