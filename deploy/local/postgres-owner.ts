// Whose the databases on a Postgres are: each is marked by a comment, so that two installations do not take each other's.
import type pg from 'pg'

const MARK = 'Banso installation '

interface Found {
  readonly name: string
  readonly comment: string | null
}

const found = async (client: pg.Client, names: readonly string[]): Promise<Found[]> => {
  const { rows } = await client.query<Found>(
    `SELECT datname AS name, shobj_description(oid, 'pg_database') AS comment FROM pg_database
     WHERE datname = ANY($1) ORDER BY 1`,
    [names],
  )
  return rows
}

/** Throws when any of these databases is another installation's. */
export const refuseForeign = async (
  client: pg.Client,
  names: readonly string[],
  installation: string,
): Promise<void> => {
  const foreign = (await found(client, names)).filter(
    ({ comment }) => comment?.startsWith(MARK) && comment !== MARK + installation,
  )
  if (foreign.length > 0)
    throw new Error(
      `${foreign.map(({ name }) => name).join(', ')} on this Postgres belong to another installation of Banso, whose ` +
        'services this one would lock out. Set BANSO_POSTGRES_PREFIX, which names of databases begin with, or name another ' +
        'server. If it is the same installation: put back the secrets that it was made with.',
    )
}

/** Marks a database of ours; a comment that somebody else made stays. */
export const mark = async (client: pg.Client, name: string, installation: string): Promise<void> => {
  const [database] = await found(client, [name])
  if (database?.comment === null)
    await client.query(`COMMENT ON DATABASE ${name} IS ${client.escapeLiteral(MARK + installation)}`)
}
