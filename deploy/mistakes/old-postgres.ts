// A Postgres that says that it is older than it is.
import { asUser } from './own-databases.ts'

/** Makes a database on this server in which whoever asks for the version is told of 14; its URL. */
export const saysItIsOld = async (url: string): Promise<string> => {
  const old = new URL(url)
  old.pathname = '/says_it_is_old'
  await asUser(url, (client) => client.query('CREATE DATABASE says_it_is_old'))
  await asUser(old.href, async (client) => {
    await client.query('CREATE SCHEMA old')
    await client.query(`CREATE FUNCTION old.current_setting(text) RETURNS text IMMUTABLE LANGUAGE sql
      RETURN CASE $1 WHEN 'server_version_num' THEN '140018' ELSE pg_catalog.current_setting($1) END`)
    await client.query('ALTER DATABASE says_it_is_old SET search_path = old, pg_catalog')
  })
  return old.href
}

/** The names of all roles of a server. */
export const rolesOf = async (url: string): Promise<string[]> => {
  const { rows } = await asUser(url, (client) => client.query<{ name: string }>('SELECT rolname AS name FROM pg_roles'))
  return rows.map(({ name }) => name)
}
