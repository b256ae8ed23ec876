import { SourceName } from '@banso/contracts'
import { InstantText, OrNull, pageSchema } from '@banso/platform'
import Type from 'typebox'

export const QuarantineSchema = pageSchema(
  Type.Object(
    {
      id: Type.String({ format: 'uuid' }),
      source: Type.With(SourceName, { examples: ['app'] }),
      messageId: Type.String({ examples: ['node-1768440732900-8f2e'] }),
      type: Type.String({ examples: ['ingestion.segment-call-received.v1'] }),
      reason: Type.String({ examples: ['PERSON_UNKNOWN'] }),
      quarantinedAt: InstantText,
      redrivenAt: Type.With(OrNull(InstantText), { description: 'Set while it is on its way again.' }),
    },
    { title: 'QuarantineEntry', description: 'An event that nothing could be made of. Its record stays sealed.' },
  ),
)

export const RedrivenSchema = Type.Object({ redriven: Type.Integer({ minimum: 0, examples: [12] }) })
