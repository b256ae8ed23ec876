import { createHash } from 'node:crypto'
import type { Decided } from './plan.ts'

/** What set a run off, or would have: event ids, and the values that were compared. */
export interface Why {
  readonly triggerEventId: string
  readonly triggerType: string
  readonly evidence: readonly string[]
  readonly values: Readonly<Record<string, unknown>>
}

// A name space of our own for UUIDv5, so that the same occasion always makes the same run.
const RUN_NAMESPACE = Buffer.from('5b0c7d0e9a8f4e63b1d26f1c0a7e4d52', 'hex')

/** One occasion makes at most one run of a playbook, whatever its version, however often it is told. */
export const runIdOf = (playbook: string, occasionId: string): string => {
  const bytes = createHash('sha1').update(RUN_NAMESPACE).update(`${playbook}/${occasionId}`).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** The id of a step's effect, the same on every attempt: the `webhook-id`, the left part of a Message-ID, a task's id. */
export const actionIdOf = (runId: string, step: string): string => `${runId}-${step}`

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
