// From nothing to action: a product's events by the unmodified Segment SDK, a desk's signed tickets, a stage that is
// entered, a score that falls, a playbook that acts in several ways. Every step waits for what it should have caused and
// fails when it does not come.
import { Analytics } from '@segment/analytics-node'
import { randomUUID } from 'node:crypto'
import type { Mail } from '../drive/inbox.ts'
import { quantile } from '../drive/quantiles.ts'
import { type AnyStage, connectTickets, DESK_SOURCE, PRODUCT_SOURCE } from '../drive/stage.ts'
import { until } from '../drive/wait.ts'
import { applyRescue, PLAYBOOK, WAIT_SECONDS } from './rescue.ts'

export interface StoryResult {
  readonly accountId: string
  readonly before: number
  readonly after: number
  /** From the ticket's webhook sent to the action's webhook received. */
  readonly eventToActionMs: number
  /** From there to the mail received, a wait of `WAIT_SECONDS` between them. */
  readonly webhookToMailMs: number
  /** From a signed ticket sent to its 2xx, one after the other. */
  readonly ticketsAnswered: { readonly tickets: number; readonly medianMs: number; readonly mostMs: number }
}

interface Score {
  readonly score: number | null
  readonly band: string | null
  readonly outcome: { readonly score: number | null }
  readonly experience: { readonly score: number | null }
  readonly measures: readonly { readonly measure: string; readonly value: number | null }[]
}

interface Journey {
  readonly stage: string
  readonly history: readonly { readonly stage: string; readonly evidence: readonly string[] }[]
}

interface Run {
  readonly id: string
  readonly state: string
  readonly why: { readonly evidence: readonly string[] }
  readonly steps: readonly { readonly step: string; readonly did: string }[]
}

const FEATURES_USED = 4
const ACCOUNT = 'acme-co'
const NAME = '株式会社アクメ'
const OWNER = 'owner@acme.example'
const WITHIN_MS = 30_000
const ENDED = ['done', 'failed', 'exited']
/** Besides those of the story: enough for a median. */
const TICKETS = 20

const answeredBy = ({ desk: { answeredInMs: all } }: AnyStage): StoryResult['ticketsAnswered'] => ({
  tickets: all.length,
  medianMs: Math.round(quantile(all, 0.5)),
  mostMs: Math.round(quantile(all, 1)),
})

const isWhole = ({ band, outcome, experience, measures }: Score): boolean =>
  band !== 'red' &&
  outcome.score !== null &&
  experience.score !== null &&
  measures.some(({ measure, value }) => measure === 'breadth' && value === FEATURES_USED)

/** A day in the product of Acme: two people, three features, through the SDK as a vendor would use it. */
const useProduct = async ({ system, writeKey }: AnyStage): Promise<string> => {
  const analytics = new Analytics({ writeKey, host: system.addresses.capture, flushAt: 10 })
  const faults: unknown[] = []
  analytics.on('error', (fault) => faults.push(fault))
  const context = { groupId: ACCOUNT }
  const messageId = `smoke-${randomUUID()}`
  const traits = { name: NAME, seats: 40, owner: OWNER, language: 'ja' }
  analytics.group({ userId: 'hanako', groupId: ACCOUNT, traits })
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

type Say = (line: string) => void

const step = async <T>(say: Say, what: string, work: () => Promise<T>): Promise<T> => {
  const began = Date.now()
  const value = await work()
  say(`ok  ${what} (${Date.now() - began} ms)`)
  return value
}

/** The product is used; the account is known by name, and has gone on from onboarding. */
const becomeKnown = async (stage: AnyStage, say: Say): Promise<string> => {
  const { api } = stage
  await applyRescue(stage)
  // First of all, or a first score of use alone may be red: then nothing turns red.
  await step(say, `a solved ticket of another account connected ${DESK_SOURCE}`, () => connectTickets(stage))
  await step(say, `${TICKETS} more were answered`, async () => {
    for (let ticket = 0; ticket < TICKETS; ticket += 1) await stage.desk.solvedTicket('many-tickets')
  })
  const messageId = await step(say, 'the SDK sent a day of use', () => useProduct(stage))
  const { accountId } = await step(say, 'an event without a group was attributed by the earlier group call', () =>
    until('the receipt', WITHIN_MS, () =>
      api.find<{ accountId: string }>('ingestion', `/v1/sources/${PRODUCT_SOURCE}/receipts/${messageId}`),
    ),
  )
  await step(say, 'the account has its profile', () =>
    until('a profile with its name', WITHIN_MS, async () => {
      const profile = await api.find<{ name: string | null }>('accounts', `/v1/accounts/${accountId}`)
      return profile?.name === NAME ? profile : undefined
    }),
  )
  await step(say, 'three features by two people: the account entered adoption, with evidence', () =>
    until('the stage adoption', WITHIN_MS, async () => {
      const journey = await api.find<Journey>('journeys', `/v1/accounts/${accountId}/journey`)
      const entry = journey?.history.find(({ stage: entered }) => entered === 'adoption')
      return journey?.stage === 'adoption' && entry && entry.evidence.length > 0 ? journey : undefined
    }),
  )
  return accountId
}

const scoreWhen = ({ api }: AnyStage, accountId: string, what: string, fits: (score: Score) => boolean) =>
  until(what, WITHIN_MS, async () => {
    const score = await api.find<Score>('health', `/v1/accounts/${accountId}/score`)
    return score && fits(score) ? score : undefined
  })

/** Every step of the run, found where it went: by the ids that follow from the run's. */
const followRun = async (stage: AnyStage, accountId: string, say: Say): Promise<{ webhookAt: number; mail: Mail }> => {
  const { api, receiver, inbox } = stage
  const arrival = await step(say, 'the webhook arrived, its signature verified by standardwebhooks', () =>
    until('the webhook', WITHIN_MS, async () =>
      receiver.refused > 0 ? 'refused' : receiver.arrivals.find((one) => one.accountId === accountId),
    ),
  )
  if (arrival === 'refused') throw new Error('a webhook came whose signature does not verify')
  const runId = arrival.webhookId.replace(/-tell$/, '')
  const mail = await step(say, `${WAIT_SECONDS} s later, a mail to the owner, known by its Message-ID`, () =>
    until('the mail', WITHIN_MS, async () =>
      inbox.mails.find(({ messageId, to }) => messageId.startsWith(`${runId}-mail@`) && to.includes(OWNER)),
    ),
  )
  if (mail.subject !== `${NAME} 様へのご支援について`) throw new Error(`the mail's subject is ${mail.subject}`)
  await step(say, 'a task of the run, by its id', () =>
    until('the task', WITHIN_MS, async () => {
      const tasks = await api.all<{ id: string }>('playbooks', `/v1/tasks?account=${accountId}`)
      return tasks.find(({ id }) => id === `${runId}-call`)
    }),
  )
  const run = await step(say, 'the run is done, says which way it took and why it was started', () =>
    until('a finished run', WITHIN_MS, async () => {
      const found = await api.get<Run>('playbooks', `/v1/runs/${runId}`)
      return ENDED.includes(found.state) ? found : undefined
    }),
  )
  if (run.state !== 'done' || run.why.evidence.length === 0 || run.steps.length === 0)
    throw new Error(`the run ended as ${JSON.stringify(run)}`)
  return { webhookAt: arrival.at, mail }
}

/** A long urgent ticket turns it red, and the playbook acts. */
const turnRed = async (stage: AnyStage, accountId: string, say: Say): Promise<StoryResult> => {
  const before = await step(say, 'the account has its score, and is not red', () =>
    scoreWhen(stage, accountId, 'all that was used today, in a score of both halves', isWhole),
  )
  const sentAt = Date.now()
  await stage.desk.longOpenUrgentTicket(ACCOUNT)
  const after = await step(say, 'an urgent ticket, open for a fortnight, turned the account red', () =>
    scoreWhen(stage, accountId, 'a red band', ({ band }) => band === 'red'),
  )
  const { webhookAt, mail } = await followRun(stage, accountId, say)
  const only =
    stage.receiver.arrivals.filter(({ accountId: id }) => id === accountId).length === 1 &&
    stage.inbox.mails.length === 1
  if (!only) throw new Error(`${PLAYBOOK} acted more than once`)
  return {
    accountId,
    before: before.score ?? 0,
    after: after.score ?? 0,
    eventToActionMs: webhookAt - sentAt,
    webhookToMailMs: mail.at - webhookAt,
    ticketsAnswered: answeredBy(stage),
  }
}

/** On a stage that is set, where no playbook is active that would act too. */
export const tellStory = async (stage: AnyStage, say: Say): Promise<StoryResult> =>
  turnRed(stage, await becomeKnown(stage, say), say)
