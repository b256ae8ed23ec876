import { AccountId, OpenValues } from '@banso/contracts'
import { InstantText, OrNull } from '@banso/platform'
import Type from 'typebox'

export const PlaybookVersionSchema = Type.Object({
  name: Type.String({ examples: ['first-call'] }),
  version: Type.Integer({ minimum: 1 }),
})
const Step = Type.String({ examples: ['call'] })

export const RunStateSchema = Type.Union([
  Type.Literal('running'),
  Type.Literal('done'),
  Type.Literal('failed'),
  Type.Literal('goal'),
  Type.Literal('exited'),
  Type.Literal('held-back'),
])

export const WhySchema = Type.Object(
  {
    triggerEventId: Type.String({ examples: ['83709402-b0ba-44cc-8563-e98fd6c0fde1'] }),
    triggerType: Type.String({ examples: ['health.band-changed.v1'] }),
    evidence: Type.Array(Type.String(), { examples: [[]] }),
    values: Type.With(OpenValues, {
      description: 'The facts that were gone by.',
      examples: [{ trigger: { to: 'red' } }],
    }),
  },
  { title: 'Why', description: 'What set it off.' },
)

const summary = {
  id: Type.String({ format: 'uuid' }),
  playbook: PlaybookVersionSchema,
  account: Type.Object({ id: AccountId }),
  state: RunStateSchema,
  reason: OrNull(Type.String({ description: 'Why it was held back or failed.', examples: ['cool-down'] })),
  occurredAt: Type.With(InstantText, { description: 'Event time of the change.' }),
  decidedAt: InstantText,
  finishedAt: OrNull(InstantText),
}

export const RunSummarySchema = Type.Object(summary, { title: 'RunSummary' })

export const RunSchema = Type.Object(
  {
    ...summary,
    why: WhySchema,
    waiting: Type.With(
      OrNull(
        Type.Object({
          step: Step,
          for: Type.String({ examples: ['time'] }),
          until: OrNull(InstantText),
          held: Type.Boolean({
            description: 'Something came while the playbook was paused; it counts when that ends.',
          }),
        }),
      ),
      { description: 'What it waits for.' },
    ),
    steps: Type.Array(
      Type.Object({
        step: Step,
        did: Type.String({ examples: ['acted'] }),
        at: InstantText,
        detail: Type.Record(Type.String(), Type.Unknown(), { examples: [{}] }),
      }),
      { description: 'What each step did, and the facts that it went by.' },
    ),
    actions: Type.Array(
      Type.Object({
        step: Step,
        kind: Type.String({ examples: ['webhook'] }),
        actionId: Type.String({
          description: '`<run id>-<step>`: the webhook-id, the left part of a Message-ID, a task’s id.',
          examples: ['5f3e3f1e-4f0a-4c55-9a53-0a1d6f2b7c48-call'],
        }),
        state: Type.String({ examples: ['done'] }),
        reason: OrNull(Type.String({ examples: ['gave up'] })),
        nextAttemptAt: OrNull(InstantText),
        attempts: Type.Array(
          Type.Object({
            number: Type.Integer({ minimum: 1 }),
            at: InstantText,
            status: OrNull(Type.Integer({ examples: [200] })),
            fault: OrNull(Type.String({ examples: ['timeout'] })),
          }),
        ),
      }),
    ),
  },
  { title: 'Run', description: 'A run of a playbook for an account, or why it was held back.' },
)
