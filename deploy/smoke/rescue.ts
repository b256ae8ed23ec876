// The playbook of the story: a webhook, a wait, a branch by facts of three services, a mail and a task.
import type { AnyStage } from '../drive/stage.ts'
import { applyBlueprint } from '../drive/stage.ts'

export const PLAYBOOK = 'rescue'
const CONTENT = 'rescue-mail'
/** Of the wait between the webhook and what follows. */
export const WAIT_SECONDS = 2

const steps = (url: string): object[] => [
  { id: 'tell', action: { kind: 'webhook', url } },
  { id: 'pause', wait: { for: `PT${WAIT_SECONDS}S` } },
  {
    id: 'still-bad',
    branch: [
      {
        when: "health.band == 'red' && tickets.serious > 0 && journey.stage == 'adoption'",
        steps: [
          { id: 'mail', action: { kind: 'email', to: 'owner', content: CONTENT } },
          {
            id: 'call',
            action: {
              kind: 'task',
              title: 'Call {{ account.name }}: {{ health.score | round }} points',
              owner: { name: 'mika' },
              dueIn: 'P1D',
            },
          },
        ],
      },
    ],
    otherwise: [{ id: 'leave', exit: true }],
  },
]

export const applyRescue = async (stage: AnyStage): Promise<void> => {
  await applyBlueprint(stage, {
    kind: 'Content',
    name: CONTENT,
    spec: {
      subject: { en: 'How can we help, {{ account.name }}?', ja: '{{ account.name }} 様へのご支援について' },
      body: { en: 'We saw your ticket.', ja: 'お問い合わせの件でご連絡いたしました。' },
    },
  })
  await applyBlueprint(stage, {
    kind: 'Playbook',
    name: PLAYBOOK,
    spec: { mode: 'active', trigger: { on: 'band-changed', to: ['red'] }, steps: steps(stage.receiver.url) },
  })
}
