// What was said of an account or a person, trait by trait. Bounded, so that no sender can make a profile grow beyond
// what a record carries; the bounds keep the fold commutative, because a trait's stamp only ever rises.
import { compareStamps, latest, type Stamp, type Stamped } from './stamped.ts'

export type Traits = ReadonlyMap<string, Stamped<unknown>>
export type OpenTraits = Readonly<Record<string, unknown>>

/** Most traits kept: those said last. */
export const MAX_TRAITS = 100
/** Bytes of a trait's JSON, name included; a larger one is not kept. */
export const MAX_TRAIT_BYTES = 1024

const fits = (name: string, value: unknown): boolean =>
  Buffer.byteLength(JSON.stringify({ [name]: value })) <= MAX_TRAIT_BYTES

const newestFirst = ([a, x]: [string, Stamp], [b, y]: [string, Stamp]): number =>
  compareStamps(y, x) || (a < b ? -1 : 1)

export const foldTraits = (known: Traits, said: OpenTraits, stamp: Stamp): Traits => {
  const folded = new Map(known)
  for (const [name, value] of Object.entries(said)) {
    if (!fits(name, value)) continue
    folded.set(name, latest(folded.get(name) ?? null, { value, at: stamp.at, by: stamp.by }))
  }
  if (folded.size <= MAX_TRAITS) return folded
  return new Map([...folded].toSorted(newestFirst).slice(0, MAX_TRAITS))
}

/** The values alone, in order of their names: equal traits make equal JSON. */
export const valuesOf = (traits: Traits): Record<string, unknown> =>
  Object.fromEntries([...traits.keys()].toSorted().map((name) => [name, traits.get(name)?.value]))
