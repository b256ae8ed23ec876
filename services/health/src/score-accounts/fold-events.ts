// What both handlers do with the events of a chunk, around what each of them folds.
import type { Chunk, IncomingEvent } from '@banso/messaging'
import type { Calendar, Day } from '../domain/calendar.ts'
import { type Account, readAccounts, writeInputs } from '../store/accounts.ts'
import { evidenceOf } from './evidence.ts'
import { scoreAccounts } from './score-accounts.ts'

type AccountEvent = Pick<IncomingEvent, 'id' | 'time'> & {
  readonly data: { readonly accountId: string; readonly receivedAt: string }
}

/** Folds events into their accounts, and gives these as they are then, in the same order. */
export type Fold<E> = (events: readonly E[], before: readonly Account[], today: Day) => Promise<readonly Account[]>

/**
 * Folds and scores the events of each day of receipt, one day after another: one day in a running system, more when a
 * backlog is worked off. So days pass for an account as its events were received, and an outage of ours is not silence.
 */
export const foldEvents = async <E extends AccountEvent>(
  events: readonly E[],
  chunk: Chunk,
  calendar: Calendar,
  fold: Fold<E>,
): Promise<void> => {
  const days = Map.groupBy(events, ({ data }) => calendar.dayOf(new Date(data.receivedAt)))
  for (const [receivedOn, received] of [...days].toSorted(([a], [b]) => a - b)) {
    await foldDay(received, receivedOn, chunk, calendar, fold)
  }
}

const foldDay = async <E extends AccountEvent>(
  events: readonly E[],
  receivedOn: Day,
  chunk: Chunk,
  calendar: Calendar,
  fold: Fold<E>,
): Promise<void> => {
  const today = calendar.dayOf(chunk.now)
  const byAccount = Map.groupBy(events, ({ data }) => data.accountId)
  const before = await readAccounts(chunk.tx, [...byAccount.keys()], calendar)
  const after = await fold(events, before, today)
  await writeInputs(chunk.tx, before, after)
  if (chunk.rebuilding) return
  const day = Math.min(today, receivedOn)
  await scoreAccounts(
    chunk,
    after.map((account, index) => ({
      before: before[index] ?? account,
      after: account,
      evidence: evidenceOf(byAccount.get(account.accountId) ?? []),
      day,
    })),
  )
}

/** The later of a time and those of the events. */
export const newestOf = (known: Date | null, events: readonly Pick<AccountEvent, 'time'>[]): Date | null =>
  events.reduce<Date | null>((newest, { time }) => (newest && newest >= time ? newest : time), known)
