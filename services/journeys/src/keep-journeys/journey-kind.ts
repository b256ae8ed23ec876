import { blueprintKind } from '@banso/blueprints'
import type { EntityManager } from 'typeorm'
import { journeyKind } from '../store/journeys.ts'
import { journeyFaults } from './journey-faults.ts'

/** Journeys as blueprints. Accounts that are under way stay on the version they started with. */
export const journeys = blueprintKind({
  ...journeyKind,
  check: journeyFaults,
  impact: async (tx, { name }) => [
    ...(await staying(tx, name)),
    'accounts whose journey begins from then on start on it',
  ],
})

const staying = async (tx: EntityManager, name: string): Promise<string[]> => {
  const rows = await tx.query<{ version: number; accounts: number }[]>(
    `SELECT version, count(*)::int AS accounts FROM account WHERE journey = $1 GROUP BY version ORDER BY version`,
    [name],
  )
  return rows.map(({ version, accounts }) =>
    accounts === 1 ? `1 account stays on version ${version}` : `${accounts} accounts stay on version ${version}`,
  )
}
