import { AccountId } from '@banso/contracts'
import { InstantText, OrNull } from '@banso/platform'
import Type from 'typebox'
import { PlaybookVersionSchema } from '../read-runs/run.schema.ts'

export const TaskSchema = Type.Object(
  {
    id: Type.String({
      description: '`<run id>-<step>`',
      examples: ['5f3e3f1e-4f0a-4c55-9a53-0a1d6f2b7c48-call'],
    }),
    account: Type.Object({ id: AccountId }),
    playbook: PlaybookVersionSchema,
    run: Type.Object({ id: Type.String({ format: 'uuid' }), step: Type.String({ examples: ['call'] }) }),
    title: Type.String({ examples: ['Call Acme'] }),
    note: OrNull(Type.String()),
    owner: Type.String({ description: 'A name, or `account-owner`.', examples: ['mika'] }),
    dueAt: InstantText,
    state: Type.Union([Type.Literal('open'), Type.Literal('done'), Type.Literal('cancelled')]),
    createdAt: InstantText,
    closed: Type.With(
      OrNull(Type.Object({ at: InstantText, by: Type.String({ examples: ['mika'] }), note: OrNull(Type.String()) })),
      { examples: [null] },
    ),
  },
  { title: 'Task', description: 'What a playbook asks a person to do.' },
)
