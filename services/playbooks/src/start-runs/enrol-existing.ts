import type { AccountFacts } from '@banso/conditions'
import type { Timer, TimerHandler, TimerResult, Timers, Transactions, Work } from '@banso/messaging'
import type { Logger } from '@banso/platform'
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common'
import { matches, presentState } from '../domain/matches.ts'
import type { Occasion } from '../domain/occasion.ts'
import type { PlaybookAtHand } from '../domain/playbooks-at-hand.ts'
import type { Controls, FactsOf, Occasions } from '../domain/ports.ts'
import { standingOf } from '../domain/standing.ts'
import { lockAccounts } from '../store/lock-accounts.ts'
import type { Playbooks } from '../store/playbooks.ts'
import type { ActivePlaybook, ActivePlaybooks } from './active-playbooks.ts'

const KIND = 'enrol-existing'
const POLL_MS = 2_000
/** Accounts looked at in one transaction. */
const PAGE = 200

interface Place {
  readonly playbook: string
  /** Account behind which to go on. */
  readonly after: string
}

const placeIn = (payload: unknown): Place => {
  if (typeof payload === 'object' && payload !== null && 'playbook' in payload && 'after' in payload) {
    const { playbook, after } = payload
    if (typeof playbook === 'string' && typeof after === 'string') return { playbook, after }
  }
  throw new TypeError('the payload of an enrolment names no playbook and place')
}

const isPending = ({ document, enrolledAt }: ActivePlaybook): boolean =>
  document.firstActivation === 'existing' && enrolledAt === null

const occasionOf = (
  { name, document }: PlaybookAtHand,
  accountId: string,
  facts: AccountFacts,
  now: Date,
): Occasion[] =>
  presentState(document.trigger, facts, now)
    .map((trigger) => ({
      id: `existing/${name}/${accountId}`,
      eventType: 'first-activation',
      on: document.trigger.on,
      time: now,
      accountId,
      playbook: name,
      history: false,
      firstScore: false,
      trigger,
      values: { ...trigger },
      evidence: [],
    }))
    .filter((occasion) => matches(document.trigger, occasion))
    .slice(0, 1)

/** On a playbook's first activation, offers it the accounts that are already as its trigger says, page by page. */
export class EnrolExisting implements TimerHandler, OnModuleInit, OnModuleDestroy {
  readonly kind = KIND
  #poll: NodeJS.Timeout | undefined

  constructor(
    private readonly timers: Pick<Timers, 'register'>,
    private readonly transactions: Transactions,
    private readonly active: ActivePlaybooks,
    private readonly store: Playbooks,
    private readonly ports: { readonly facts: FactsOf; readonly controls: Controls; readonly occasions: Occasions },
    private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.timers.register(this)
    this.#poll = setInterval(() => void this.#beginAll(), POLL_MS)
  }

  onModuleDestroy(): void {
    clearInterval(this.#poll)
  }

  async settle({ payload }: Timer, _effect: void, work: Work): Promise<TimerResult> {
    const { playbook: name, after } = placeIn(payload)
    const { facts, occasions } = this.ports
    const [latest, accounts] = [await this.store.find(work.tx, name), await facts.accounts(work.tx, after, PAGE)]
    const last = accounts.at(-1)
    if (latest === undefined || !latest.document.enabled || last === undefined) return 'fired'
    if (this.active.current.every((playbook) => playbook.name !== name))
      return { again: new Date(work.now.getTime() + POLL_MS) } // this process does not know it yet
    await lockAccounts(work.tx, accounts)
    const known = await facts.read(work.tx, accounts, work.now)
    await occasions.offer(
      work,
      [...known].flatMap(([accountId, ofAccount]) => occasionOf(latest, accountId, ofAccount, work.now)),
    )
    return { again: work.now, payload: { playbook: name, after: last } satisfies Place }
  }

  async #beginAll(): Promise<void> {
    try {
      for (const playbook of this.active.current.filter(isPending)) await this.#begin(playbook)
    } catch (fault) {
      this.logger.warn({ err: fault }, 'a first activation could not begin; it is tried again')
    }
  }

  #begin({ name, document, activeSince }: ActivePlaybook): Promise<void> {
    return this.transactions.run([], async (work) => {
      const control = (await this.ports.controls.read(work.tx, [name])).get(name)
      const { mode, paused } = standingOf(document, control, activeSince)
      if (mode !== 'active' || paused || !(await this.store.beginEnrolment(work.tx, name, work.now))) return
      const payload: Place = { playbook: name, after: '' }
      work.schedule({ id: `enrol/${name}`, key: '', kind: KIND, dueAt: work.now, payload })
    })
  }
}
