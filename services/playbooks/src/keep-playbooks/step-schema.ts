import Type from 'typebox'
import { closed, TimeOfDay } from './trigger-schema.ts'

/** Name of a playbook, a content, a step. */
const Name = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' })
const Text = Type.String({ minLength: 1, maxLength: 16_384 })
const Url = Type.String({ minLength: 1, maxLength: 2_048 })
const Language = Type.Union([Type.Literal('en'), Type.Literal('ja')])
/** CEL. */
export const Condition = Type.String({ minLength: 1, maxLength: 4_096, description: 'CEL' })
export const Duration = Type.String({
  maxLength: 40,
  description: 'ISO 8601 in weeks, or days, hours, minutes and seconds: P7D, PT12H',
})

export const ActionSpecSchema = Type.Union([
  closed({ kind: Type.Literal('webhook'), url: Url, body: Type.Optional(Text) }),
  closed({ kind: Type.Literal('slack'), url: Url, content: Type.Optional(Name), text: Type.Optional(Text) }),
  closed({
    kind: Type.Literal('email'),
    to: Type.Union([Type.Literal('owner'), closed({ address: Type.String({ minLength: 3, maxLength: 254 }) })]),
    content: Name,
    language: Type.Optional(Language),
  }),
  closed({
    kind: Type.Literal('task'),
    title: Type.Optional(Text),
    note: Type.Optional(Text),
    content: Type.Optional(Name),
    language: Type.Optional(Language),
    owner: Type.Union([Type.Literal('owner'), closed({ name: Type.String({ minLength: 1, maxLength: 200 }) })]),
    dueIn: Duration,
  }),
])

const Steps = Type.Array(Type.Ref('Step'), { minItems: 1, maxItems: 100 })

const WaitSpec = Type.Union([
  closed({ for: Duration }),
  closed({ until: Type.String({ format: 'date-time' }) }),
  closed({ time: TimeOfDay }),
  closed({ condition: Condition, limit: Duration, onLimit: Type.Optional(Steps) }),
])

const Step = Type.Union([
  closed({
    id: Name,
    action: ActionSpecSchema,
    dailyCap: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    onFailure: Type.Optional(Type.Union([Type.Literal('fail'), Type.Literal('continue')])),
  }),
  closed({ id: Name, wait: WaitSpec }),
  closed({
    id: Name,
    branch: Type.Array(closed({ when: Condition, steps: Steps }), { minItems: 1, maxItems: 20 }),
    otherwise: Type.Optional(Steps),
  }),
  closed({ id: Name, goal: Condition }, 'In force from here to the end: once it holds, the run ends.'),
  closed({ id: Name, exit: Type.Literal(true) }),
])

export const StepSpec = Type.Cyclic({ Step }, 'Step')
export type StepSpec = Type.Static<typeof StepSpec>
