import { AccountId } from '@banso/contracts'
import { InstantText, OrNull } from '@banso/platform'
import Type from 'typebox'
import { ControlSchema } from '../control-playbooks/control.schema.ts'
import { PlaybookVersionSchema, RunStateSchema, WhySchema } from '../read-runs/run.schema.ts'

const Tested = OrNull(
  Type.Object(
    {
      source: Type.String({ examples: ["account.traits.plan == 'pro'"] }),
      verdict: Type.Union(
        [Type.Literal('met'), Type.Literal('not-met'), Type.Literal('undecided'), Type.Literal('occasion-tells')],
        { description: '`occasion-tells`: it asks for what only the occasion itself will say.' },
      ),
      undecided: Type.Optional(Type.String({ description: 'Why it cannot be decided.' })),
      used: Type.Record(Type.String(), Type.Unknown(), {
        description: 'The facts that it read, with their values.',
        examples: [{ 'account.traits.plan': 'pro' }],
      }),
    },
    { title: 'Tested' },
  ),
)

const Held = Type.Union(
  [
    Type.Object({ reason: Type.Literal('paused'), all: Type.Boolean() }),
    Type.Object({ reason: Type.Union([Type.Literal('observe'), Type.Literal('first-score')]) }),
    Type.Object({ reason: Type.Literal('duplicate'), by: Type.String() }),
    Type.Object({ reason: Type.Literal('cool-down'), by: Type.String(), until: InstantText }),
    Type.Object({ reason: Type.Literal('serious-ticket'), serious: Type.Integer() }),
    Type.Object({
      reason: Type.Literal('daily-cap'),
      step: Type.String(),
      cap: Type.Integer(),
      used: Type.Integer(),
    }),
  ],
  { title: 'HeldNow' },
)

const Sentences = Type.Array(Type.String({ examples: ['It would run with the next occasion.'] }))

export const WhyAnswerSchema = Type.Object(
  {
    playbook: PlaybookVersionSchema,
    account: Type.Object({
      id: AccountId,
      externalId: OrNull(Type.String({ examples: ['acme'] })),
      name: OrNull(Type.String({ examples: ['Acme'] })),
    }),
    asOf: InstantText,
    now: Type.Object(
      {
        outcome: Type.Union([
          Type.Literal('would-run'),
          Type.Literal('held-back'),
          Type.Literal('not-concerned'),
          Type.Literal('disabled'),
        ]),
        alreadyThere: Type.Boolean({ description: 'The account is already as the trigger says.' }),
        nextDueAt: Type.With(OrNull(InstantText), { description: 'Of a schedule: when it comes next.' }),
        audience: Tested,
        condition: Tested,
        held: Type.Array(Held),
        mode: Type.Union([Type.Literal('observe'), Type.Literal('active')]),
        text: Sentences,
      },
      { description: 'Of the newest version, were its trigger to come now.' },
    ),
    controls: Type.Array(ControlSchema, { description: 'What was said to the playbook, and to all.' }),
    runs: Type.Array(
      Type.Object({
        id: Type.String({ format: 'uuid' }),
        version: Type.Integer({ minimum: 1 }),
        state: RunStateSchema,
        reason: OrNull(Type.String({ examples: ['cool-down'] })),
        step: OrNull(Type.String({ examples: ['call'] })),
        occurredAt: InstantText,
        decidedAt: InstantText,
        finishedAt: OrNull(InstantText),
        why: WhySchema,
        text: Type.String({ examples: ['2026-01-15 09:40 it ran and is done.'] }),
      }),
      { description: 'Newest first.' },
    ),
    text: Type.With(Sentences, { description: 'The answer for people.' }),
  },
  { title: 'WhyAnswer', description: 'Why a playbook ran for an account or did not, and whether it would now.' },
)
