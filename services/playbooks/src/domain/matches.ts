import { type AccountFacts, type TriggerFact, triggerFact } from '@banso/conditions'
import type { Trigger } from './document.ts'
import type { Occasion } from './occasion.ts'

const accepts = (wanted: readonly string[] | undefined, value: string | null): boolean =>
  wanted === undefined || wanted.some((one) => one === value)

const acceptsOne = (wanted: string | undefined, value: string | null): boolean =>
  wanted === undefined || wanted === value

interface Journeyed {
  readonly journey?: string
  readonly stage?: readonly string[]
}

const inJourney = ({ journey, stage }: Journeyed, said: TriggerFact): boolean =>
  acceptsOne(journey, said.journey) && accepts(stage, said.stage)

interface Ticketed {
  readonly priority?: readonly string[]
  readonly status?: readonly string[]
}

const ofTicket = ({ priority, status }: Ticketed, said: TriggerFact): boolean =>
  accepts(priority, said.priority) && accepts(status, said.status)

/** Whether an occasion is what a trigger waits for. */
export const matches = (trigger: Trigger, { on, trigger: said }: Occasion): boolean => {
  if (trigger.on !== on) return false
  switch (trigger.on) {
    case 'band-changed':
      return accepts(trigger.to, said.to) && accepts(trigger.from, said.from)
    case 'score-moved': {
      const { direction, by } = trigger
      const movedBy = said.movedBy ?? 0
      return Math.abs(movedBy) >= by && acceptsOne(direction, movedBy < 0 ? 'down' : 'up')
    }
    case 'stage-entered':
      return inJourney(trigger, said) && accepts(trigger.direction, said.direction)
    case 'milestone-reached':
      return inJourney(trigger, said) && accepts(trigger.milestone, said.milestone)
    case 'pace-changed':
      return inJourney(trigger, said) && accepts(trigger.to, said.to) && accepts(trigger.from, said.from)
    case 'flag-raised':
    case 'flag-cleared':
      return inJourney(trigger, said) && accepts(trigger.flag, said.flag)
    case 'ticket-opened':
    case 'ticket-status-changed':
      return ofTicket(trigger, said)
    case 'ticket-replied':
      return ofTicket(trigger, said) && acceptsOne(trigger.by, said.by)
    case 'ticket-rated':
      return ofTicket(trigger, said) && accepts(trigger.rating, said.rating)
    case 'alarm-raised':
    case 'schedule':
      return true
    default:
      return trigger satisfies never
  }
}

const FLAGS = { stalled: 'stalled', dormant: 'dormant', 'at-risk': 'atRisk' } as const

const journeyState = (trigger: Trigger, { journey }: AccountFacts): Partial<TriggerFact>[] => {
  const { name, stage, pace } = journey
  if (name === null || stage === null) return []
  const said = { journey: name, stage }
  switch (trigger.on) {
    case 'stage-entered':
      return [{ ...said, to: stage, direction: trigger.direction?.[0] ?? null }]
    case 'pace-changed':
      return pace === null || trigger.from !== undefined ? [] : [{ ...said, pace, to: pace }]
    case 'milestone-reached':
      return journey.milestones.map((milestone) => ({ ...said, milestone }))
    case 'flag-raised':
      return (['stalled', 'dormant', 'at-risk'] as const)
        .filter((flag) => journey[FLAGS[flag]])
        .map((flag) => ({ ...said, flag }))
    case 'band-changed':
    case 'score-moved':
    case 'alarm-raised':
    case 'flag-cleared':
    case 'ticket-opened':
    case 'ticket-status-changed':
    case 'ticket-replied':
    case 'ticket-rated':
    case 'schedule':
      return []
    default:
      return trigger satisfies never
  }
}

/** What a trigger that tells of a state could have said of an account that is in it now. */
export const presentState = (trigger: Trigger, facts: AccountFacts, at: Date): TriggerFact[] => {
  const { band, score } = facts.health
  const bands = trigger.on === 'band-changed' && band !== null ? [{ to: band, toScore: score }] : []
  return [...bands, ...journeyState(trigger, facts)].map((said) => ({ ...triggerFact(trigger.on, at), ...said }))
}
