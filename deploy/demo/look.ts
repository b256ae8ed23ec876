// What the services say of an account, and which effects its playbooks had.
import type { Mail } from '../drive/inbox.ts'
import { until } from '../drive/wait.ts'
import type { Expected } from './cast/member.ts'
import type { Wired } from './wiring.ts'

export interface Score {
  readonly score: number | null
  readonly band: string | null
  readonly outcome: { readonly score: number | null }
  readonly experience: { readonly score: number | null }
  readonly why: readonly { readonly label: string; readonly contribution: number; readonly text: string }[]
}

export interface Journey {
  readonly stage: string
  readonly since: string
  readonly standing: string
  readonly pace: { readonly reason: string }
  readonly flags: readonly { readonly flag: string; readonly reason: string }[]
}

interface Run {
  readonly id: string
  readonly playbook: { readonly name: string }
  readonly state: string
  readonly reason: string | null
}

export interface Effect {
  readonly expected: Expected
  /** Milliseconds since 1970. */
  readonly at: number
  readonly text: string
}

const WITHIN_MS = 20_000

export class Look {
  readonly #wired: Wired

  constructor(wired: Wired) {
    this.#wired = wired
  }

  async accountId(externalId: string): Promise<string> {
    const path = `/v1/accounts?externalId=${encodeURIComponent(externalId)}`
    return until(`the account ${externalId}`, WITHIN_MS, async () => {
      const { items } = await this.#wired.api.get<{ items: { accountId: string }[] }>('accounts', path)
      return items[0]?.accountId
    })
  }

  score(accountId: string): Promise<Score | undefined> {
    return this.#wired.api.find<Score>('health', `/v1/accounts/${accountId}/score`)
  }

  journey(accountId: string): Promise<Journey | undefined> {
    return this.#wired.api.find<Journey>('journeys', `/v1/accounts/${accountId}/journey`)
  }

  /** How many uses health has counted, from the first day that the demo tells of. */
  async counted(accountId: string, from: Date): Promise<number> {
    const range = `from=${from.toISOString().slice(0, 10)}&to=${new Date().toISOString().slice(0, 10)}&limit=200`
    const days = await this.#wired.api.all<{ count: number }>('health', `/v1/accounts/${accountId}/usage?${range}`)
    return days.reduce((sum, { count }) => sum + count, 0)
  }

  /** `banso why`, in its own words. */
  async why(accountId: string, playbook: string): Promise<readonly string[]> {
    const path = `/v1/playbooks/${playbook}/why/${accountId}?lang=en`
    const answer = await this.#wired.api.find<{ text: string[] }>('playbooks', path)
    return answer?.text ?? [`there is no playbook ${playbook} here: npx banso apply deploy/blueprints/starter`]
  }

  /** Runs of the account so far. */
  runs(accountId: string): Promise<Run[]> {
    return this.#wired.api.all<Run>('playbooks', `/v1/runs?account=${accountId}`)
  }

  /** Waits until the effect is where it should be. */
  effect(accountId: string, expected: Expected): Promise<Effect> {
    const { playbook, step, kind } = expected
    return until(`${kind} ${step} of ${playbook}`, WITHIN_MS, async () => {
      const run = (await this.runs(accountId)).find(
        (one) => one.playbook.name === playbook && one.state !== 'held-back',
      )
      return run && this.#found(accountId, expected, `${run.id}-${step}`)
    })
  }

  async #found(accountId: string, expected: Expected, id: string): Promise<Effect | undefined> {
    const { receiver, inbox, api } = this.#wired
    switch (expected.kind) {
      case 'webhook': {
        const arrival = receiver.arrivals.find(({ webhookId }) => webhookId === id)
        return arrival && { expected, at: arrival.at, text: `signed webhook of ${arrival.playbook}, verified` }
      }
      case 'mail': {
        if (!inbox) return { expected, at: Date.now(), text: 'a mail, which goes to the server of SMTP_URL' }
        const mail = inbox.mails.find(({ messageId }) => messageId.startsWith(`${id}@`))
        return mail && { expected, at: mail.at, text: mailText(mail) }
      }
      case 'task': {
        const tasks = await api.all<Task>('playbooks', `/v1/tasks?account=${accountId}`)
        const task = tasks.find((one) => one.id === id)
        return task && { expected, at: Date.parse(task.createdAt), text: `for ${task.owner}: ${task.title}` }
      }
      default:
        return expected.kind satisfies never
    }
  }
}

interface Task {
  readonly id: string
  readonly title: string
  readonly owner: string
  readonly createdAt: string
}

const mailText = ({ to, subject }: Mail): string => `to ${to.join(', ')}: ${subject}`
