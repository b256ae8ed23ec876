// What a Postgres of somebody else's must be, said before anything is made in it.
import type pg from 'pg'

/** Tried with 15 and with 18, the embedded one; `banso doctor` asks for the same. */
const LEAST_POSTGRES = 15

interface Server {
  readonly version: number
  readonly user: string
  readonly superuser: boolean
  readonly makesRoles: boolean
  readonly makesDatabases: boolean
}

/** What is wrong with the server or its user, with the cure; undefined: nothing. */
export const unfitness = (server: Server): string | undefined => {
  const { version, user, superuser, makesRoles, makesDatabases } = server
  if (version < LEAST_POSTGRES)
    return `Postgres ${version} is too old: Banso needs ${LEAST_POSTGRES} or later. Upgrade it, or name another server.`
  if (superuser || (makesRoles && makesDatabases)) return undefined
  return (
    `the Postgres user ${user} may not make ${makesRoles ? 'databases' : 'roles and databases'}, and every service gets one ` +
    `of its own. Let an administrator say: ALTER ROLE "${user}" CREATEROLE CREATEDB`
  )
}

/** Throws when nothing can be made as this user on this server. */
export const refuseUnfit = async (client: pg.Client): Promise<void> => {
  const { rows } = await client.query<Server>(
    `SELECT current_setting('server_version_num')::int / 10000 AS version, rolname AS user, rolsuper AS superuser,
       rolcreaterole AS "makesRoles", rolcreatedb AS "makesDatabases" FROM pg_roles WHERE rolname = current_user`,
  )
  const fault = rows[0] && unfitness(rows[0])
  if (fault !== undefined) throw new Error(fault)
}
