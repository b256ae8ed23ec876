import Type from 'typebox'
import { ActionSpecSchema, Condition, Duration, StepSpec } from './step-schema.ts'
import { closed, TriggerSpec } from './trigger-schema.ts'

export const PLAYBOOK_KIND = 'Playbook'

const Dedupe = Type.Union([
  Type.Literal('account'),
  Type.Literal('account-and-band'),
  Type.Literal('account-and-stage'),
  Type.Literal('ticket'),
])

/** A playbook as it is written: with `steps`, or with the one `action` that it consists of. */
export const playbookSchema = closed({
  enabled: Type.Optional(Type.Boolean()),
  mode: Type.Optional(Type.Union([Type.Literal('observe'), Type.Literal('active')])),
  trigger: TriggerSpec,
  condition: Type.Optional(Condition),
  audience: Type.Optional(Condition),
  dedupe: Type.Optional(Dedupe),
  coolDown: Type.Optional(Duration),
  firstActivation: Type.Optional(Type.Union([Type.Literal('existing'), Type.Literal('new-only')])),
  selling: Type.Optional(Type.Boolean()),
  steps: Type.Optional(Type.Array(StepSpec, { minItems: 1, maxItems: 100 })),
  action: Type.Optional(ActionSpecSchema),
})
export type PlaybookSpec = Type.Static<typeof playbookSchema>
