import { createHash } from 'node:crypto'
import type { Change } from './change.ts'
import type { Decision } from './decide.ts'
import type { Playbook } from './playbook.ts'

/** What set a run off, or would have: event ids, and the values that were compared. */
export interface Why {
  readonly triggerEventId: string
  readonly triggerType: string
  readonly evidence: string[]
  readonly values: Record<string, unknown>
}

// A name space of our own for UUIDv5, so that the same change always makes the same run.
const RUN_NAMESPACE = Buffer.from('5b0c7d0e9a8f4e63b1d26f1c0a7e4d52', 'hex')

/** One change makes at most one run of a playbook, whatever its version, however often it is delivered. */
export const runIdOf = (playbook: string, changeId: string): string => {
  const bytes = createHash('sha1').update(RUN_NAMESPACE).update(`${playbook}/${changeId}`).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** The `webhook-id` of a step's effect: the same on every attempt. */
export const webhookIdOf = (runId: string, step: string): string => `${runId}-${step}`

export const whyOf = (playbook: Playbook, change: Change, decision: Exclude<Decision, { kind: 'no-match' }>): Why => {
  const { from, to, day, scorecard, cause, newestEvent, evidence, measures } = change.data
  const { trigger, coolDown, dedupe } = playbook.document
  return {
    triggerEventId: change.id,
    triggerType: change.eventType,
    evidence,
    values: {
      from,
      to,
      ...(change.on === 'score-moved' ? { movedBy: change.data.movedBy } : {}),
      day,
      scorecard,
      cause,
      newestEvent,
      measures,
      rule: { trigger, dedupe, ...(coolDown === undefined ? {} : { coolDown }) },
      ...(decision.kind === 'held-back' && decision.by !== undefined ? { heldBackBy: decision.by } : {}),
    },
  }
}
