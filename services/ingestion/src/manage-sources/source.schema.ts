import { SourceName } from '@banso/contracts'
import { InstantText, OrNull } from '@banso/platform'
import Type from 'typebox'

const KeyKind = Type.Union([Type.Literal('server'), Type.Literal('browser')], {
  description: '`browser`: public, and may say less.',
})
const KeyId = Type.String({ format: 'uuid' })

export const SourceParameter = Type.String({ description: 'Name of the source.' })
export const KeyParameter = Type.String({ description: 'Id of the write key.' })

export const SourceSchema = Type.Object(
  {
    name: Type.With(SourceName, { examples: ['app'] }),
    kind: Type.Union([Type.Literal('segment'), Type.Literal('zendesk')]),
    namespace: Type.String({
      description: 'Sources of one namespace name accounts and people by the same ids.',
      examples: ['default'],
    }),
    signed: Type.Boolean({ description: 'Whether a signing secret is known (`zendesk`).' }),
    createdAt: InstantText,
  },
  { title: 'Source', description: 'A product or a desk that sends to us.' },
)

export const WriteKeySchema = Type.Object(
  { id: KeyId, kind: KeyKind, createdAt: InstantText, revokedAt: OrNull(InstantText) },
  { title: 'WriteKey' },
)

export const NewWriteKeySchema = Type.Object(
  {
    id: KeyId,
    kind: KeyKind,
    writeKey: Type.String({ description: 'Shown here and never again.', examples: ['wk_…'] }),
  },
  { title: 'NewWriteKey' },
)
