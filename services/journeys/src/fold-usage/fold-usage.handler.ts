import { type TopicName, topics } from '@banso/contracts'
import type { Chunk, EventOn } from '@banso/messaging'
import { Calendar, storable } from '@banso/platform'
import { Controller } from '@nestjs/common'
import { Ctx, EventPattern, Payload } from '@nestjs/microservices'
import type { Day } from '../domain/day.ts'
import { evolveUsage } from '../domain/facts.ts'
import { causeOf } from '../move-accounts/evidence.ts'
import { moveInChunk } from '../move-accounts/move-in-chunk.ts'
import { readAccounts } from '../store/accounts.ts'
import { addFirstUses, type Use } from '../store/first-uses.ts'
import { Journeys } from '../store/journeys.ts'

const HISTORY_MS = 24 * 3_600_000

type UsageEvent = EventOn<'ingestion.usage-events.v1'>

@Controller()
export class FoldUsageHandler {
  constructor(
    private readonly journeys: Journeys,
    private readonly calendar: Calendar,
  ) {}

  /**
   * The events of each day of receipt, one day after another: one day in a running system, more when a backlog is worked
   * off. So days pass for an account as its events were received, and an outage of ours is not silence. Of a day, history
   * comes before the rest: what follows from it alone is told as that, whatever else is in the chunk.
   */
  @EventPattern<TopicName>(topics.usageEvents.name)
  async fold(@Payload() events: readonly UsageEvent[], @Ctx() chunk: Chunk): Promise<void> {
    const days = Map.groupBy(events, ({ data }) => this.calendar.dayOf(new Date(data.receivedAt)))
    const today = this.calendar.dayOf(chunk.now)
    for (const [receivedOn, received] of [...days].toSorted(([a], [b]) => a - b)) {
      const [history, fresh] = [received.filter(isHistory), received.filter((event) => !isHistory(event))]
      for (const part of [history, fresh].filter(({ length }) => length > 0))
        await this.#foldPart(part, Math.min(receivedOn, today), chunk)
    }
  }

  async #foldPart(events: readonly UsageEvent[], day: Day, chunk: Chunk): Promise<void> {
    const byAccount = Map.groupBy(events.map(useOf), ({ accountId }) => accountId)
    const before = await readAccounts(chunk.tx, [...byAccount.keys()])
    const changed = await addFirstUses(chunk.tx, events.filter(({ data }) => data.kind === 'track').map(useOf))
    const moves = before.map((account) => {
      const heard = byAccount.get(account.accountId) ?? []
      const usage = evolveUsage(account.facts.usage, heard.map(heardOf), this.calendar)
      return {
        before: account,
        after: usage === account.facts.usage ? account : { ...account, facts: { ...account.facts, usage } },
        cause: causeOf(heard),
        day,
        usesChanged: changed.has(account.accountId),
      }
    })
    await moveInChunk(chunk, { journeys: this.journeys, days: this.calendar }, moves)
  }
}

// What playbooks take for history.
const isHistory = ({ time, data }: UsageEvent): boolean => Date.parse(data.receivedAt) - time.getTime() > HISTORY_MS

// A clock that is ahead does not use the product tomorrow.
const useOf = ({ id, time, data }: UsageEvent): Use => {
  const receivedAt = new Date(data.receivedAt).toISOString()
  const at = time.toISOString()
  return {
    accountId: data.accountId,
    name: storable(data.name),
    personId: data.personId,
    id: storable(id),
    at: at < receivedAt ? at : receivedAt,
    receivedAt,
  }
}

const heardOf = ({ id, at, receivedAt }: Use): { id: string; at: string; receivedAt: string } => ({
  id,
  at,
  receivedAt,
})
