import type { Decided } from './plan.ts'

/** What set a run off, or would have: event ids, and the values that were compared. */
export interface Why {
  readonly triggerEventId: string
  readonly triggerType: string
  readonly evidence: readonly string[]
  readonly values: Readonly<Record<string, unknown>>
}

const known = (facts: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null))

/**
 * The trail of a decision. `trigger`: its facts, as conditions and templates name them. `used`: the facts that condition
 * and audience went by, where there are any.
 */
export const whyOf = ({ playbook, occasion, used, decision }: Omit<Decided, 'key' | 'dedupeKey' | 'runId'>): Why => {
  const { trigger, condition, audience, coolDown, dedupe } = playbook.document
  const rule = { trigger, condition, audience, dedupe, coolDown }
  return {
    triggerEventId: occasion.id,
    triggerType: occasion.eventType,
    evidence: occasion.evidence,
    values: {
      ...occasion.values,
      trigger: known(occasion.trigger),
      rule: Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined)),
      ...(Object.keys(used).length > 0 && { used }),
      ...(decision.kind === 'held-back' && decision.by !== undefined && { heldBackBy: decision.by }),
    },
  }
}
