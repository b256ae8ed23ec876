import Type from 'typebox'
import { AccountId, Instant } from './common.ts'

const run = {
  runId: Type.String({ format: 'uuid' }),
  accountId: AccountId,
  playbook: Type.Object({ name: Type.String({ minLength: 1 }), version: Type.Integer({ minimum: 1 }) }),
}

export const ActionKind = Type.Union([Type.Literal('webhook'), Type.Literal('email'), Type.Literal('task')])
export type ActionKind = Type.Static<typeof ActionKind>

const step = {
  ...run,
  step: Type.String({ minLength: 1 }),
  action: ActionKind,
  actionId: Type.With(Type.String({ minLength: 1 }), {
    description: "`<run id>-<step>`: the webhook-id, the Message-ID's left part, the task's id.",
  }),
}

const Why = Type.Object(
  {
    triggerEventId: Type.String({ minLength: 1 }),
    triggerType: Type.String({ minLength: 1 }),
    evidence: Type.Array(Type.String()),
    values: Type.Record(Type.String(), Type.Unknown()),
  },
  { description: "What set it off: the change's ce_id, its type and the values that were compared." },
)

export const HeldBackReason = Type.Union(
  [
    Type.Literal('history'),
    Type.Literal('first-score'),
    Type.Literal('duplicate'),
    Type.Literal('cool-down'),
    Type.Literal('first-activation'),
    Type.Literal('serious-ticket'),
    Type.Literal('daily-cap'),
    Type.Literal('observe'),
    Type.Literal('paused'),
  ],
  {
    description:
      '`history`: only events over 24 hours old caused it; `first-score`: the account had none before; `duplicate`: a run ' +
      'of the same key is under way; `first-activation`: the playbook begins with what happens after it was switched on; ' +
      '`serious-ticket`: it sells, and a serious ticket is open; `daily-cap`: as many as it may start in a day have ' +
      'started; `observe`: it would have run; `paused`: it, or all, were paused.',
  },
)
export type HeldBackReason = Type.Static<typeof HeldBackReason>

export const RunStarted = Type.Object(
  { ...run, startedAt: Instant, why: Why },
  { description: 'A playbook began to run for an account.' },
)
export type RunStarted = Type.Static<typeof RunStarted>

export const RunHeldBack = Type.Object(
  {
    ...run,
    heldBackAt: Instant,
    reason: HeldBackReason,
    why: Why,
  },
  { description: 'A playbook matched an account, but did not run.' },
)
export type RunHeldBack = Type.Static<typeof RunHeldBack>

export const ActionRequested = Type.Object(
  { ...step, requestedAt: Instant },
  { description: 'A run asked for an action; it is being performed.' },
)
export type ActionRequested = Type.Static<typeof ActionRequested>

export const ActionDone = Type.Object(
  {
    ...step,
    doneAt: Instant,
    attempts: Type.Integer({ minimum: 1 }),
  },
  { description: 'An action was performed.' },
)
export type ActionDone = Type.Static<typeof ActionDone>

export const ActionFailed = Type.Object(
  {
    ...step,
    failedAt: Instant,
    attempts: Type.With(Type.Integer({ minimum: 0 }), { description: '0 where the endpoint was disabled before.' }),
    reason: Type.String(),
  },
  { description: 'An action was given up.' },
)
export type ActionFailed = Type.Static<typeof ActionFailed>

export const RunFinished = Type.Object(
  {
    ...run,
    finishedAt: Instant,
    outcome: Type.With(
      Type.Union([Type.Literal('done'), Type.Literal('failed'), Type.Literal('goal'), Type.Literal('exited')]),
      { description: '`goal`: its goal was met; `exited`: it left by an exit step.' },
    ),
  },
  { description: 'A run came to its end.' },
)
export type RunFinished = Type.Static<typeof RunFinished>
