import type { EntityManager } from 'typeorm'
import type { Calendar, Day } from '@banso/platform'
import { freezePeers, type PeerValues, peerValuesOf } from '../domain/freeze-peers.ts'
import { readAccountsAfter, readInputs } from '../store/accounts.ts'
import { isFrozen, keepPeers } from '../store/peer-tables.ts'
import type { ScoringBases } from '../store/scoring-bases.ts'
import { factsOf } from './standings.ts'

const BATCH = 500

export interface FreezeParts {
  readonly database: EntityManager
  readonly bases: ScoringBases
  readonly calendar: Calendar
  readonly signal: AbortSignal
}

/** Makes the peer table of a day once, of all accounts as they were at the end of the day before. */
export const freezePeersOf = async (day: Day, now: Date, parts: FreezeParts): Promise<void> => {
  const { database, bases, calendar, signal } = parts
  if (await isFrozen(database, day)) return
  const { connected } = await bases.read(database, day)
  const values: PeerValues[] = []
  for (let last: string | null = null; ;) {
    signal.throwIfAborted()
    const accountIds: readonly string[] = await readAccountsAfter(database, last, BATCH)
    last = accountIds.at(-1) ?? null
    if (last === null) break
    const inputs = await readInputs(database, accountIds, { calendar, day })
    values.push(...inputs.map((each) => peerValuesOf(factsOf(each, connected, day - 1), day - 1)))
  }
  await keepPeers(database, freezePeers(day, values), now)
}
