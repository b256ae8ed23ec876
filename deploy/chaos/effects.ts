// The effects that a probe is to have: a webhook and, after a wait, a mail, because its score turned red; a task, because
// its journey says so.
import type { Probes } from '../drive/probes.ts'
import { type AnyStage, applyBlueprint } from '../drive/stage.ts'
import { auditEffects, type EffectAudit } from './audit.ts'

export type EffectKind = 'webhook' | 'mail' | 'task'

const MAIL = 'account-id'
const TASKS_OF = 'at-risk'

export const applyPlaybooks = async (stage: AnyStage): Promise<void> => {
  const same = { en: '{{ account.id }}', ja: '{{ account.id }}' }
  await applyBlueprint(stage, { kind: 'Content', name: MAIL, spec: { subject: same, body: same } })
  await applyBlueprint(stage, {
    kind: 'Playbook',
    name: 'turned-red',
    spec: {
      mode: 'active',
      trigger: { on: 'band-changed', to: ['red'] },
      steps: [
        { id: 'tell', action: { kind: 'webhook', url: stage.receiver.url } },
        { id: 'pause', wait: { for: 'PT1S' } },
        { id: 'write', action: { kind: 'email', to: { address: 'team@vendor.example' }, content: MAIL } },
      ],
    },
  })
  await applyBlueprint(stage, {
    kind: 'Playbook',
    name: TASKS_OF,
    spec: {
      mode: 'active',
      trigger: { on: 'flag-raised', flag: ['at-risk'] },
      steps: [{ id: 'call', action: { kind: 'task', title: 'Call', owner: { name: 'mika' }, dueIn: 'P1D' } }],
    },
  })
}

interface Task {
  readonly id: string
  readonly account: { readonly id: string }
  readonly playbook: { readonly name: string }
}

const tasksOf = async ({ api }: AnyStage): Promise<ReadonlyMap<string, string[]>> => {
  const tasks = await api.all<Task>('playbooks', '/v1/tasks?limit=200')
  const ours = tasks.filter(({ playbook }) => playbook.name === TASKS_OF) // there may be starter playbooks
  const byAccount = Map.groupBy(ours, ({ account }) => account.id)
  return new Map([...byAccount].map(([account, some]) => [account, some.map(({ id }) => id)]))
}

/** Webhooks and mails of the probes that arrived; one that came again counts once. */
export const seenOf = ({ fired }: Probes): number =>
  fired.filter(({ arrivals }) => arrivals.length > 0).length + fired.filter(({ mails }) => mails.length > 0).length

/** Whether every probe fired has had all its effects. */
export const allThere = async (stage: AnyStage, probes: Probes): Promise<boolean> => {
  if (seenOf(probes) < 2 * probes.fired.length) return false // spares a look at the tasks
  const tasks = await tasksOf(stage)
  return probes.fired.every(({ accountId }) => tasks.has(accountId))
}

export const auditAll = async (stage: AnyStage, probes: Probes): Promise<Record<EffectKind, EffectAudit>> => {
  const tasks = await tasksOf(stage)
  const { fired } = probes
  return {
    webhook: auditEffects(
      fired.map(({ arrivals }) => arrivals.map(({ webhookId }) => webhookId)),
      stage.receiver.arrivals.length,
    ),
    mail: auditEffects(
      fired.map(({ mails }) => mails.map(({ messageId }) => messageId)),
      stage.inbox.mails.length,
    ),
    task: auditEffects(
      fired.map(({ accountId }) => tasks.get(accountId) ?? []),
      [...tasks.values()].flat().length,
    ),
  }
}
