import type { Command } from 'commander'
import type { SessionOf } from '../program.ts'
import { pageQuery, type PageOptions, withPaging } from './paging.ts'

export const addSourceCommands = (program: Command, sessionOf: SessionOf): void => {
  const sources = program.command('sources').description('where events come from: a product, a desk')

  sources
    .command('create <name>')
    .description('make a source')
    .option('--namespace <namespace>', 'where its external ids live, when they are not those of the other sources')
    .action(async (name: string, options: { namespace?: string }, command: Command) => {
      const session = sessionOf(command)
      const body = { name, ...options }
      const made = await session.service('ingestion').call({ method: 'POST', path: '/v1/sources', body })
      session.printFields(made, [
        { title: 'name', of: 'name' },
        { title: 'namespace', of: 'namespace' },
      ])
    })

  withPaging(sources.command('list').description('the sources')).action(
    async (options: PageOptions, command: Command) => {
      const session = sessionOf(command)
      const page = await session.service('ingestion').call({ path: '/v1/sources', query: pageQuery(options) })
      session.printPage(
        page,
        [
          { title: 'name', of: 'name' },
          { title: 'namespace', of: 'namespace' },
          { title: 'created', of: 'createdAt' },
        ],
        'there are no sources',
      )
    },
  )
}
