import { Blueprints, type KindOfBlueprint } from '@banso/blueprints'
import type { EntityManager } from 'typeorm'
import type { Day } from '@banso/platform'
import type { Facts } from '../domain/measures.ts'
import { isPeerTable, type PeerTable } from '../domain/peers.ts'
import type { Yardstick } from '../domain/score.ts'
import { type Scorecard, ScorecardDocument } from '../domain/scorecard.ts'
import { EPOCH } from './epoch.ts'

export type InputKind = 'usage' | 'tickets'

export const scorecardKind = {
  kind: 'Scorecard',
  schema: ScorecardDocument,
} satisfies KindOfBlueprint<typeof ScorecardDocument>

/** What all accounts are scored by up to a day. */
export interface ScoringBasis {
  readonly scorecard: Scorecard
  readonly connected: Facts['connected']
  /** Since which day a kind of input is connected. */
  readonly since: Readonly<Record<InputKind, Day | null>>
  /** Days that have a peer table, the newest first. */
  readonly frozenOn: readonly Day[]
}

/** Gives the yardstick of a day. */
export type Yardsticks = (day: Day) => Yardstick

interface Row {
  readonly name: string
  readonly version: number
  readonly usage_since: Day | null
  readonly tickets_since: Day | null
  readonly frozen_on: readonly Day[] | null
}

type Database = Pick<EntityManager, 'query'>

// A month of missed days is scored day by day, each by its table.
const MOST_TABLES = 40
const MOST_CARDS = 20

/** Scorecards and peer tables never change: each is read once, and kept. */
export class ScoringBases {
  private readonly cards = new Map<string, Scorecard>()
  private readonly tables = new Map<Day, PeerTable>()

  constructor(private readonly blueprints: Blueprints) {}

  /** One statement, when what is in use is known already. */
  async read(tx: EntityManager, day: Day): Promise<ScoringBasis> {
    const [row] = await tx.query<Row[]>(
      `SELECT name, version,
         (SELECT since - ${EPOCH} FROM input_kind WHERE kind = 'usage') AS usage_since,
         (SELECT since - ${EPOCH} FROM input_kind WHERE kind = 'tickets') AS tickets_since,
         (SELECT json_agg(day - ${EPOCH} ORDER BY day DESC) FROM (
           SELECT day FROM peer_table WHERE day <= ${EPOCH} + $1::int ORDER BY day DESC LIMIT ${MOST_TABLES}
         ) AS frozen) AS frozen_on
       FROM scorecard_use ORDER BY ordinal DESC LIMIT 1`,
      [day],
    )
    if (!row) throw new Error('there is no scorecard in use')
    const since = { usage: row.usage_since, tickets: row.tickets_since }
    return {
      scorecard: await this.scorecard(tx, row.name, row.version),
      connected: { usage: since.usage !== null, tickets: since.tickets !== null },
      since,
      frozenOn: row.frozen_on ?? [],
    }
  }

  /** The yardsticks of these days. */
  async yardsticks(tx: Database, { scorecard, frozenOn }: ScoringBasis, days: Iterable<Day>): Promise<Yardsticks> {
    const frozen = (day: Day): Day | undefined => frozenOn.find((each) => each <= day)
    const tables = await this.peers(
      tx,
      [...days].flatMap((day) => frozen(day) ?? []),
    )
    return (day) => ({ scorecard, peers: tables.get(frozen(day) ?? NaN) ?? null })
  }

  /** The peer tables of exactly these days, as far as they are there. */
  async peers(tx: Database, days: readonly Day[]): Promise<ReadonlyMap<Day, PeerTable>> {
    const missing = [...new Set(days)].filter((day) => !this.tables.has(day))
    const found = new Map(days.flatMap((day) => this.keptOf(day)))
    if (missing.length === 0) return found
    const rows = await tx.query<{ day: Day; document: unknown }[]>(
      `SELECT day - ${EPOCH} AS day, document FROM peer_table WHERE day - ${EPOCH} = ANY($1::int[])`,
      [missing],
    )
    if (this.tables.size + rows.length > MOST_TABLES) this.tables.clear()
    for (const { day, document } of rows) {
      if (!isPeerTable(document)) throw new Error(`the peer table of day ${day} is not one`)
      this.tables.set(day, document)
      found.set(day, document)
    }
    return found
  }

  async scorecard(tx: EntityManager, name: string, version: number): Promise<Scorecard> {
    const key = `${name} ${version}`
    const known = this.cards.get(key)
    if (known) return known
    const stored = await this.blueprints.version(tx, scorecardKind, name, version)
    if (!stored) throw new Error(`scorecard ${name}, version ${version}, is not stored`)
    const card = { name, version, document: stored.spec }
    if (this.cards.size >= MOST_CARDS) this.cards.clear()
    this.cards.set(key, card)
    return card
  }

  private keptOf(day: Day): [Day, PeerTable][] {
    const table = this.tables.get(day)
    return table ? [[day, table]] : []
  }
}

/** Keeps since when a kind of input is connected; nothing is written when that is known already. */
export const noteInput = async (
  tx: EntityManager,
  { since }: Pick<ScoringBasis, 'since'>,
  kind: InputKind,
  day: Day,
): Promise<void> => {
  const known = since[kind]
  if (known !== null && known <= day) return
  await tx.query(
    `INSERT INTO input_kind (kind, since) VALUES ($1, ${EPOCH} + $2::int)
     ON CONFLICT (kind) DO UPDATE SET since = least(input_kind.since, excluded.since)`,
    [kind, day],
  )
}
