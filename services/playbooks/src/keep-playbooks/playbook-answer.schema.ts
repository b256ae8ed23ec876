import { InstantText } from '@banso/platform'
import Type from 'typebox'

const Document = Type.Unknown({
  type: 'object',
  description: 'The `spec` of a blueprint of kind Playbook, without what is secret in it.',
  examples: [{ mode: 'active', trigger: { on: 'band-changed', to: ['red'] } }],
})

const answer = {
  name: Type.String({ examples: ['first-call'] }),
  version: Type.Integer({ minimum: 1 }),
  latestVersion: Type.Integer({ minimum: 1 }),
  document: Document,
  storedAt: InstantText,
  endpoint: Type.Union(
    [Type.Object({ state: Type.Literal('open') }), Type.Object({ state: Type.Literal('gone'), since: InstantText })],
    { description: '`gone` since the receiver answered 410, until the playbook is put again.' },
  ),
}

export const PlaybookAnswerSchema = Type.Object(answer, { title: 'Playbook' })

export const PutPlaybookSchema = Type.Object(
  {
    ...answer,
    changed: Type.Boolean(),
    secret: Type.Optional(
      Type.Unknown({ description: "The webhook's signing secret, shown here and never again.", examples: ['whsec_…'] }),
    ),
  },
  { title: 'PutPlaybook' },
)

export const RotatedSecretSchema = Type.Object(
  {
    name: Type.String({ examples: ['first-call'] }),
    secret: Type.String({ description: 'Shown here and never again.', examples: ['whsec_…'] }),
    previousUntil: Type.With(InstantText, { description: 'Until then the secret of before signs, too.' }),
  },
  { title: 'RotatedSecret' },
)

export const PlaybookSpecBody = Type.Record(Type.String(), Type.Unknown(), {
  description: 'The `spec` of a blueprint of kind Playbook: `GET /v1/blueprint-schemas/Playbook` has its JSON Schema.',
  examples: [
    {
      mode: 'active',
      trigger: { on: 'band-changed', to: ['red'] },
      steps: [{ id: 'call', action: { kind: 'task', title: 'Call {{ account.name }}', owner: { name: 'mika' } } }],
    },
  ],
})
