import Type from 'typebox'
import { AccountId, Instant } from './common.ts'

const run = {
  runId: Type.String({ format: 'uuid' }),
  accountId: AccountId,
  playbook: Type.Object({ name: Type.String({ minLength: 1 }), version: Type.Integer({ minimum: 1 }) }),
}
const step = { ...run, step: Type.String({ minLength: 1 }), action: Type.Literal('webhook') }

/** What set it off: the change's ce_id, its type and the values that were compared. */
const Why = Type.Object({
  triggerEventId: Type.String({ minLength: 1 }),
  triggerType: Type.String({ minLength: 1 }),
  evidence: Type.Array(Type.String()),
  values: Type.Record(Type.String(), Type.Unknown()),
})

export const RunStarted = Type.Object({ ...run, startedAt: Instant, why: Why })
export type RunStarted = Type.Static<typeof RunStarted>

/** Matched, but did not run. */
export const RunHeldBack = Type.Object({
  ...run,
  heldBackAt: Instant,
  reason: Type.Union([Type.Literal('cool-down'), Type.Literal('duplicate'), Type.Literal('history')]),
  why: Why,
})
export type RunHeldBack = Type.Static<typeof RunHeldBack>

export const ActionRequested = Type.Object({ ...step, requestedAt: Instant, webhookId: Type.String() })
export type ActionRequested = Type.Static<typeof ActionRequested>

export const ActionDone = Type.Object({
  ...step,
  doneAt: Instant,
  webhookId: Type.String(),
  attempts: Type.Integer({ minimum: 1 }),
})
export type ActionDone = Type.Static<typeof ActionDone>

export const ActionFailed = Type.Object({
  ...step,
  failedAt: Instant,
  webhookId: Type.String(),
  /** 0 where the endpoint was disabled before. */
  attempts: Type.Integer({ minimum: 0 }),
  reason: Type.String(),
})
export type ActionFailed = Type.Static<typeof ActionFailed>

export const RunFinished = Type.Object({
  ...run,
  finishedAt: Instant,
  outcome: Type.Union([Type.Literal('done'), Type.Literal('failed')]),
})
export type RunFinished = Type.Static<typeof RunFinished>
