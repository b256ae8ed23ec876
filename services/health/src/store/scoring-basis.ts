import type { EntityManager } from 'typeorm'
import type { Facts } from '../domain/measures.ts'
import { isScorecardDocument, type Scorecard } from '../domain/scorecard.ts'

/** What all accounts are scored by. */
export interface ScoringBasis {
  readonly scorecard: Scorecard
  readonly connected: Facts['connected']
}

interface Row {
  readonly name: string
  readonly version: number
  readonly document: unknown
  readonly usage: boolean
  readonly tickets: boolean
}

/** The newest version of the starter scorecard, and the kinds of which any event has reached us. */
export const readBasis = async (tx: EntityManager): Promise<ScoringBasis> => {
  const [row] = await tx.query<Row[]>(
    `SELECT name, version, document,
       (SELECT count(*) FROM (SELECT FROM usage_fact LIMIT 1) AS any_usage) > 0 AS usage,
       (SELECT count(*) FROM (SELECT FROM ticket LIMIT 1) AS any_ticket) > 0 AS tickets
     FROM scorecard WHERE name = 'starter' ORDER BY version DESC LIMIT 1`,
  )
  if (!row || !isScorecardDocument(row.document)) throw new Error('there is no valid starter scorecard')
  const { name, version, document, usage, tickets } = row
  return { scorecard: { name, version, document }, connected: { usage, tickets } }
}
