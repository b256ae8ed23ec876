// Accounts at an amber score, each waiting for the one ticket (urgent, open for 14 days) that turns it red: one event, one
// effect of each kind that the playbooks have.
import { randomUUID } from 'node:crypto'
import type { Api } from './api.ts'
import type { Capture, SegmentEvent } from './capture.ts'
import type { Desk } from './desk.ts'
import type { Mail } from './inbox.ts'
import type { Arrival } from './receiver.ts'
import { applyBlueprint } from './stage.ts'
import { until } from './wait.ts'

export interface Probe {
  readonly externalId: string
  accountId: string
  sentAt: number | undefined
  readonly arrivals: Arrival[]
  readonly mails: Mail[]
}

const upTo = (fullAt: number) => ({ by: 'linear', zeroAt: 0, fullAt })

/**
 * Bounds in place of peers: a score that depended on when the day's peer table was frozen would leave a probe now amber,
 * now green.
 */
export const applyProbeScorecard = (stage: Parameters<typeof applyBlueprint>[0]): Promise<void> => {
  const measures = [
    { measure: 'frequency', half: 'outcome', weight: 0.5, normalise: upTo(20) },
    { measure: 'breadth', half: 'outcome', weight: 0.5, normalise: upTo(5) },
    { measure: 'open-urgent-load', half: 'experience', weight: 1 },
  ]
  return applyBlueprint(stage, { kind: 'Scorecard', name: 'starter', spec: { measures } })
}

const AT_ONCE = 4

/** Runs `work` over the items, a bounded number at a time. */
const eachOf = async <T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> => {
  const queue = items.values()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const item of queue) await work(item)
    }),
  )
}

export class Probes {
  readonly #waiting: Probe[] = []
  readonly #byAccount = new Map<string, Probe>()
  readonly #underWay = new Set<Promise<void>>()
  readonly #desk: Desk
  failure: unknown

  constructor(desk: Desk) {
    this.#desk = desk
  }

  get left(): number {
    return this.#waiting.length
  }

  get fired(): readonly Probe[] {
    return [...this.#byAccount.values()].filter((probe) => probe.sentAt !== undefined)
  }

  arrived(arrival: Arrival): void {
    this.#byAccount.get(arrival.accountId)?.arrivals.push(arrival)
  }

  /** Mails of the playbooks have the account's id for a subject. */
  mailed(mail: Mail): void {
    this.#byAccount.get(mail.subject)?.mails.push(mail)
  }

  /** Makes `count` accounts by one usage event each, and waits until each has its first score. */
  async prepare(count: number, source: string, capture: Capture, api: Api): Promise<void> {
    const made = Array.from({ length: count }, () => ({ externalId: `probe-${randomUUID()}`, messageId: randomUUID() }))
    const events = made.map(({ externalId, messageId }): SegmentEvent => ({
      type: 'track',
      messageId,
      userId: `${externalId}-u`,
      event: 'Report Created',
      timestamp: new Date().toISOString(),
      context: { groupId: externalId },
    }))
    for (let at = 0; at < events.length; at += 300) await capture.send(events.slice(at, at + 300))
    await eachOf(made, async ({ externalId, messageId }) => {
      const receipt = await until(`the receipt of ${messageId}`, 120_000, () =>
        api.find<{ accountId: string | null }>('ingestion', `/v1/sources/${source}/receipts/${messageId}`),
      )
      const accountId = receipt.accountId ?? ''
      await until(`an amber score of ${externalId}`, 120_000, async () => {
        const score = await api.find<{ band: string | null }>('health', `/v1/accounts/${accountId}/score`)
        return score?.band === 'amber' ? score : undefined
      })
      this.add(externalId, accountId)
    })
  }

  /** An account that waits for its ticket already. */
  add(externalId: string, accountId: string): void {
    const probe: Probe = { externalId, accountId, sentAt: undefined, arrivals: [], mails: [] }
    this.#byAccount.set(accountId, probe)
    this.#waiting.push(probe)
  }

  /** Sends the next account's ticket, again until it is answered. */
  fire(): void {
    const probe = this.#waiting.pop()
    if (!probe) {
      this.failure ??= new Error('no probes left')
      return
    }
    probe.sentAt = Date.now()
    const sending = this.#desk
      .longOpenUrgentTicket(probe.externalId)
      .catch((fault: unknown) => {
        this.failure ??= fault
      })
      .finally(() => this.#underWay.delete(sending))
    this.#underWay.add(sending)
  }

  /** Resolves when every ticket sent is answered. */
  async answered(): Promise<void> {
    await Promise.all(this.#underWay)
    if (this.failure) throw this.failure
  }
}
