import { drowns } from './drowns.ts'
import { goesSilent } from './goes-silent.ts'
import { grows } from './grows.ts'
import type { Member, Moment } from './member.ts'
import { stalls } from './stalls.ts'
import { thrives } from './thrives.ts'

/** The five accounts of the demo and their four months, in the order in which they are told: those that act come last. */
export const castAt = (moment: Moment): readonly Member[] =>
  [stalls, goesSilent, thrives, drowns, grows].map((member) => member(moment))
