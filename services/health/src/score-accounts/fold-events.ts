// What all handlers do with the events of a chunk, around what each of them folds.
import type { Chunk, IncomingEvent } from '@banso/messaging'
import type { Calendar, Day } from '@banso/platform'
import { isLate } from '../domain/rescore.ts'
import { keyFeaturesOf } from '../domain/scorecard.ts'
import { refreshed } from './refresh-activities.ts'
import type { Account } from '../store/account.ts'
import { readAccounts } from '../store/accounts.ts'
import { writeInputs } from '../store/activities.ts'
import { type InputKind, noteInput, type ScoringBases, type ScoringBasis } from '../store/scoring-bases.ts'
import { evidenceOf } from './evidence.ts'
import { scoreAccounts } from './score-accounts.ts'

export interface AccountEvent extends Pick<IncomingEvent, 'id' | 'time'> {
  readonly data: { readonly accountId: string; readonly receivedAt: string }
}

export interface FoldedAccount {
  /** With what came late, and nothing else. */
  readonly late: Account
  readonly after: Account
}

/** What the events of one day of receipt are folded into. */
export interface FoldingDay {
  readonly accounts: readonly Account[]
  readonly basis: ScoringBasis
  readonly receivedOn: Day
  readonly today: Day
  /** The one that is scored. */
  readonly day: Day
}

export interface Folding<E> {
  /** What its events connect; null: nothing. */
  readonly kind: InputKind | null
  readonly bases: ScoringBases
  readonly calendar: Calendar
  /** Folds events into their accounts, and gives these as they are then, in the same order. */
  fold(events: readonly E[], day: FoldingDay): Promise<readonly FoldedAccount[]>
}

/**
 * Folds and scores the events of each day of receipt, one day after another: one day in a running system, more when a
 * backlog is worked off. So days pass for an account as its events were received, and an outage of ours is not silence.
 */
export const foldEvents = async <E extends AccountEvent>(
  events: readonly E[],
  chunk: Chunk,
  folding: Folding<E>,
): Promise<void> => {
  const days = Map.groupBy(events, ({ data }) => folding.calendar.dayOf(new Date(data.receivedAt)))
  for (const [receivedOn, received] of [...days].toSorted(([a], [b]) => a - b)) {
    await foldDay(received, receivedOn, chunk, folding)
  }
}

const foldDay = async <E extends AccountEvent>(
  events: readonly E[],
  receivedOn: Day,
  chunk: Chunk,
  folding: Folding<E>,
): Promise<void> => {
  const { kind, bases, calendar } = folding
  const today = calendar.dayOf(chunk.now)
  const day = Math.min(today, receivedOn)
  const byAccount = Map.groupBy(events, ({ data }) => data.accountId)
  const basis = connectedBy(kind, await bases.read(chunk.tx, day))
  if (kind) await noteInput(chunk.tx, basis, kind, receivedOn)
  const stored = await readAccounts(chunk.tx, [...byAccount.keys()], { calendar, day })
  const accounts = await refreshed(chunk.tx, stored, today, keyFeaturesOf(basis.scorecard))
  const folded = await folding.fold(events, { accounts, basis, receivedOn, today, day })
  await writeInputs(
    chunk.tx,
    stored,
    folded.map(({ after }) => after),
  )
  if (chunk.rebuilding) return
  const scorings = folded.map(({ late, after }, index) => {
    const heard = byAccount.get(after.accountId) ?? []
    const heardLate = heard.filter(({ time }) => isLate(calendar.dayOf(time), receivedOn))
    const [evidence, lateEvidence] = [evidenceOf(heard), evidenceOf(heardLate)]
    return { before: accounts[index] ?? late, late, after, evidence, lateEvidence, day }
  })
  await scoreAccounts(chunk, basis, scorings.filter(hasFacts), { bases })
}

// A profile alone gives nothing to score.
const hasFacts = ({ after }: { readonly after: Account }): boolean =>
  after.newestUsageAt !== null || after.newestTicketAt !== null

// These very events connect their kind.
const connectedBy = (kind: InputKind | null, basis: ScoringBasis): ScoringBasis =>
  kind ? { ...basis, connected: { ...basis.connected, [kind]: true } } : basis

/** The later of a time and those of the events. */
export const newestOf = (known: Date | null, events: readonly Pick<AccountEvent, 'time'>[]): Date | null =>
  events.reduce<Date | null>((newest, { time }) => (newest && newest >= time ? newest : time), known)
