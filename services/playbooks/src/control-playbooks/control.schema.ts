import { InstantText, OrNull } from '@banso/platform'
import Type from 'typebox'

export const ControlSchema = Type.Object(
  {
    playbook: OrNull(Type.String({ description: 'Null: all.', examples: ['first-call'] })),
    paused: Type.Boolean(),
    mode: Type.With(OrNull(Type.Union([Type.Literal('observe'), Type.Literal('active')])), {
      description: "Set by a person in place of the document's; null: the document's.",
    }),
    activatedAt: Type.With(OrNull(InstantText), { description: 'When a person first made it active.' }),
    lastCommand: OrNull(
      Type.Object({
        command: Type.Union([
          Type.Literal('pause'),
          Type.Literal('resume'),
          Type.Literal('activate'),
          Type.Literal('observe'),
        ]),
        by: OrNull(Type.String({ examples: ['mika'] })),
        reason: OrNull(Type.String({ examples: ['a campaign is under way'] })),
        at: InstantText,
      }),
    ),
  },
  { title: 'Control', description: 'What people said to a playbook, or to all.' },
)

export const ControlsSchema = Type.Object(
  { all: OrNull(ControlSchema), items: Type.Array(ControlSchema) },
  { title: 'Controls' },
)
