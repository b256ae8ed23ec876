import { AccountId, ActionKind } from '@banso/contracts'
import { InstantText, OrNull } from '@banso/platform'
import Type from 'typebox'
import { PlaybookVersionSchema } from '../read-runs/run.schema.ts'

export const ActionSchema = Type.Object(
  {
    id: Type.String({
      description: '`<run id>-<step>`',
      examples: ['5f3e3f1e-4f0a-4c55-9a53-0a1d6f2b7c48-call'],
    }),
    kind: ActionKind,
    channel: Type.Union([Type.Literal('webhook'), Type.Literal('slack'), Type.Literal('email'), Type.Literal('task')], {
      description: 'A Slack message is a webhook.',
    }),
    to: Type.String({
      description: 'Where it goes, with as little as is needed to tell one from another.',
      examples: ['https://hooks.example.com/…'],
    }),
    run: Type.Object({ id: Type.String({ format: 'uuid' }), step: Type.String({ examples: ['call'] }) }),
    account: Type.Object({ id: AccountId }),
    playbook: PlaybookVersionSchema,
    state: Type.Union([Type.Literal('requested'), Type.Literal('done'), Type.Literal('failed')]),
    reason: OrNull(Type.String({ description: 'Why it failed.', examples: ['gave up'] })),
    attempts: Type.Integer({ minimum: 0 }),
    requestedAt: InstantText,
    nextAttemptAt: OrNull(InstantText),
  },
  { title: 'Action' },
)
