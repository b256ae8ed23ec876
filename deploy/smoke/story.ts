// From nothing to action: a product's events by the unmodified Segment SDK, a desk's signed tickets, a score that falls,
// a webhook that arrives. Every step waits for what it should have caused and fails when it does not come.
import { Analytics } from '@segment/analytics-node'
import { randomUUID } from 'node:crypto'
import type { Arrival } from '../drive/receiver.ts'
import { connectTickets, DESK_SOURCE, PRODUCT_SOURCE, putPlaybook, setStage, type Stage } from '../drive/stage.ts'
import { until } from '../drive/wait.ts'

export interface StoryOptions {
  readonly kafka: boolean
  readonly portBase: number
  readonly say: (line: string) => void
}

export interface StoryResult {
  readonly accountId: string
  readonly before: number
  readonly after: number
  /** From the ticket's webhook sent to the action's webhook received. */
  readonly eventToActionMs: number
}

interface Score {
  readonly score: number | null
  readonly band: string | null
  readonly experience: { readonly score: number | null }
  readonly measures: readonly { readonly measure: string; readonly value: number | null }[]
}

const FEATURES_USED = 4

const isWhole = ({ band, experience, measures }: Score): boolean =>
  band !== 'red' &&
  experience.score !== null &&
  measures.some(({ measure, value }) => measure === 'breadth' && value === FEATURES_USED)

const ACCOUNT = 'acme-co'
const WITHIN_MS = 30_000

/** A day in the product of Acme: two people, three features, through the SDK as a vendor would use it. */
const useProduct = async ({ system, writeKey }: Stage): Promise<string> => {
  const analytics = new Analytics({ writeKey, host: system.addresses.capture, flushAt: 10 })
  const faults: unknown[] = []
  analytics.on('error', (fault) => faults.push(fault))
  const context = { groupId: ACCOUNT }
  const messageId = `smoke-${randomUUID()}`
  analytics.group({ userId: 'hanako', groupId: ACCOUNT, traits: { name: '株式会社アクメ', seats: 5 } })
  for (const userId of ['hanako', 'taro']) {
    analytics.identify({ userId, traits: { email: `${userId}@acme.example`, role: 'admin' }, context })
    for (const event of ['Report Created', 'Report Shared', 'Export Finished'])
      analytics.track({ userId, event, properties: { rows: 12 }, context })
  }
  analytics.track({ userId: 'hanako', event: 'Signed Out', messageId })
  await analytics.closeAndFlush()
  if (faults.length > 0) throw new Error(`the Segment SDK failed: ${JSON.stringify(faults)}`)
  return messageId
}

const step = async <T>(say: (line: string) => void, what: string, work: () => Promise<T>): Promise<T> => {
  const began = Date.now()
  const value = await work()
  say(`ok  ${what} (${Date.now() - began} ms)`)
  return value
}

/** The product is used; the account is known by name. */
const becomeKnown = async (stage: Stage, say: (line: string) => void): Promise<string> => {
  const { api } = stage
  await putPlaybook(stage, 'turned-red', ['red'])
  // First of all, or a first score of use alone may be red: then nothing turns red.
  await step(say, `a solved ticket of another account connected ${DESK_SOURCE}`, () => connectTickets(stage))
  const messageId = await step(say, 'the SDK sent a day of use', () => useProduct(stage))
  const { accountId } = await step(say, 'an event without a group was attributed by the earlier group call', () =>
    until('the receipt', WITHIN_MS, () =>
      api.find<{ accountId: string }>('ingestion', `/v1/sources/${PRODUCT_SOURCE}/receipts/${messageId}`),
    ),
  )
  await step(say, 'the account has its profile', () =>
    until('a profile with its name', WITHIN_MS, async () => {
      const profile = await api.find<{ name: string | null }>('accounts', `/v1/accounts/${accountId}`)
      return profile?.name === '株式会社アクメ' ? profile : undefined
    }),
  )
  return accountId
}

/** A long urgent ticket turns it red; the playbook's webhook arrives and its run says why. */
const turnRed = async (stage: Stage, accountId: string, say: (line: string) => void): Promise<StoryResult> => {
  const { api, desk, receiver } = stage
  const scoreWhen = (what: string, fits: (score: Score) => boolean) =>
    until(what, WITHIN_MS, async () => {
      const score = await api.find<Score>('health', `/v1/accounts/${accountId}/score`)
      return score && fits(score) ? score : undefined
    })
  const before = await step(say, 'the account has its score, and is not red', () =>
    scoreWhen('all that was used today, in a score of both halves', isWhole),
  )
  const sentAt = Date.now()
  await desk.longOpenUrgentTicket(ACCOUNT)
  const after = await step(say, 'an urgent ticket, open for a fortnight, turned the account red', () =>
    scoreWhen('a red band', ({ band }) => band === 'red'),
  )
  const arrival: Arrival = await step(say, 'the webhook arrived, its signature verified by standardwebhooks', () =>
    until('the webhook', WITHIN_MS, async () => {
      if (receiver.refused > 0) throw new Error('a webhook came whose signature does not verify')
      return receiver.arrivals.find((one) => one.accountId === accountId)
    }),
  )
  await step(say, 'the run says why', () =>
    until('a finished run', WITHIN_MS, async () => {
      const { items } = await api.get<{ items: { id: string }[] }>(
        'playbooks',
        `/v1/runs?account=${accountId}&state=done`,
      )
      if (!items[0]) return undefined
      const run = await api.get<{ why: { evidence: string[] } }>('playbooks', `/v1/runs/${items[0].id}`)
      return run.why.evidence.length > 0 ? run : undefined
    }),
  )
  return { accountId, before: before.score ?? 0, after: after.score ?? 0, eventToActionMs: arrival.at - sentAt }
}

export const runStory = async ({ say, ...options }: StoryOptions): Promise<StoryResult> => {
  const stage = await setStage({ ...options, say, purpose: 'smoke' })
  try {
    return await turnRed(stage, await becomeKnown(stage, say), say)
  } finally {
    await stage.close()
  }
}
