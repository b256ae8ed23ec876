import { Option, type Command } from 'commander'
import { pathOf } from '../http/service-client.ts'
import type { SessionOf } from '../session.ts'
import { pageQuery, type PageOptions, withPaging } from './paging.ts'

const addCreate = (keys: Command, sessionOf: SessionOf): void => {
  keys
    .command('create <source>')
    .description('make a write key; it is shown this once')
    .addOption(new Option('--kind <kind>', 'where it is used').choices(['server', 'browser']).default('server'))
    .action(async (source: string, { kind }: { kind: string }, command: Command) => {
      const session = sessionOf(command)
      const path = pathOf`/v1/sources/${source}/keys`
      const made = await session.service('ingestion').call({ method: 'POST', path, body: { kind } })
      session.printFields(made, [
        { title: 'id', of: 'id' },
        { title: 'kind', of: 'kind' },
        { title: 'write key', of: 'writeKey' },
      ])
    })
}

const addList = (keys: Command, sessionOf: SessionOf): void => {
  const list = keys.command('list <source>').description('the write keys of a source, without their secrets')
  withPaging(list).action(async (source: string, options: PageOptions, command: Command) => {
    const session = sessionOf(command)
    const path = pathOf`/v1/sources/${source}/keys`
    const page = await session.service('ingestion').call({ path, query: pageQuery(options) })
    session.printPage(
      page,
      [
        { title: 'id', of: 'id' },
        { title: 'kind', of: 'kind' },
        { title: 'created', of: 'createdAt' },
        { title: 'revoked', of: 'revokedAt' },
      ],
      `${source} has no write keys`,
    )
  })
}

const addRevoke = (keys: Command, sessionOf: SessionOf): void => {
  keys
    .command('revoke <source> <id>')
    .description('events sent with this key are refused from now on (within seconds)')
    .action(async (source: string, id: string, _: unknown, command: Command) => {
      const session = sessionOf(command)
      const path = pathOf`/v1/sources/${source}/keys/${id}`
      await session.service('ingestion').call({ method: 'DELETE', path })
      session.print({ source, id, revoked: true }, () => `revoked key ${id} of ${source}\n`)
    })
}

export const addKeyCommands = (program: Command, sessionOf: SessionOf): void => {
  const keys = program.command('keys').description('write keys: what a product sends its events with')
  addCreate(keys, sessionOf)
  addList(keys, sessionOf)
  addRevoke(keys, sessionOf)
}
