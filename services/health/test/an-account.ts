// What tests of scores begin with: an account of its own, and nothing else that was ever heard.
import type {
  AccountScored,
  EventData,
  EventType,
  HealthAlarmRaised,
  HealthBandChanged,
  HealthScoreMoved,
} from '@banso/contracts'
import { accountProfiled, productUsed, type TestEvent, ticketOpened, ticketRated } from '@banso/testing'
import { randomUUID } from 'node:crypto'
import type { Folding, ProfileEvent, TicketEvent, UsageEvent } from './folding.ts'

const DAY_MS = 86_400_000

/** `2026-03-01` in the morning. */
export const at = (day: string, time = '10:00:00.000Z'): string => `${day}T${time}`

/** So many days later; earlier when negative. */
export const dayAfter = (day: string, count: number): string =>
  new Date(Date.parse(at(day)) + count * DAY_MS).toISOString().slice(0, 10)

/** `count` days, this one the first. */
export const daysFrom = (day: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => dayAfter(day, index))

/** `count` days, this one the last. */
export const daysTo = (day: string, count: number): string[] => daysFrom(dayAfter(day, 1 - count), count)

type Used = Partial<UsageEvent['data']>
type Rated = Partial<EventData<'ingestion.ticket-rated.v1'>>
type Opened = Partial<EventData<'ingestion.ticket-opened.v1'>>

export class AnAccount {
  readonly accountId = randomUUID()

  private constructor(readonly health: Folding) {}

  static async begin(health: Folding): Promise<AnAccount> {
    await health.empty()
    health.published = []
    return new AnAccount(health)
  }

  /** Used on a day; received at once, unless it is said otherwise. */
  used(day: string, data: Used = {}): UsageEvent {
    return productUsed({ accountId: this.accountId, receivedAt: at(day), ...data }, { time: at(day) })
  }

  /** Used on these days; all of it received on the last of them. */
  usedOn(days: readonly string[], data: Used = {}): UsageEvent[] {
    const receivedAt = at(days.toSorted().at(-1) ?? '')
    return days.map((day) => this.used(day, { receivedAt, ...data }))
  }

  profiled(traits: Record<string, unknown>, day = '2026-01-01'): ProfileEvent {
    return accountProfiled({ accountId: this.accountId, traits, lastObservedAt: at(day) }, { time: at(day) })
  }

  /** An urgent ticket; received at once, unless it is said otherwise. */
  opened(day: string, ticketId: string, data: Opened = {}): TestEvent<'ingestion.ticket-opened.v1'> {
    const { accountId } = this
    const said = { accountId, ticketId, priority: 'urgent' as const, openedAt: at(day), receivedAt: at(day), ...data }
    return ticketOpened(said, { time: at(day) })
  }

  rated(day: string, rating: 'good' | 'bad', data: Rated = {}): TicketEvent {
    const { accountId } = this
    const said = { accountId, ticketId: 't1', rating, status: 'solved' as const, receivedAt: at(day), ...data }
    return ticketRated(said, { time: at(day) })
  }

  scores = (): AccountScored[] => this.said('health.account-scored.v1')
  moves = (): HealthScoreMoved[] => this.said('health.score-moved.v1')
  alarms = (): HealthAlarmRaised[] => this.said('health.alarm-raised.v1')
  /** That of its first score is none. */
  bandChanges = (): HealthBandChanged[] => this.said('health.band-changed.v1').filter(({ first }) => !first)
  changes = (): (HealthBandChanged | HealthScoreMoved)[] => [...this.moves(), ...this.bandChanges()]

  said<T extends EventType>(type: T): EventData<T>[] {
    return this.health.said(this.accountId, type)
  }

  async measure(name: string): Promise<AccountScored['measures'][number] | undefined> {
    return (await this.health.reader.score(this.accountId))?.measures.find(({ measure }) => measure === name)
  }

  /** The scores of its days, in March 2026. */
  history(): ReturnType<Folding['reader']['history']> {
    const { accountId } = this
    return this.health.reader.history({ accountId, from: '2026-03-01', to: '2026-03-31', after: undefined, limit: 99 })
  }
}
