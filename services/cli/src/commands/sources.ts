import { Option, type Command } from 'commander'
import { pathOf } from '../http/service-client.ts'
import { readText } from '../input-file.ts'
import type { Column } from '../output/table.ts'
import type { SessionOf } from '../session.ts'
import { pageQuery, type PageOptions, withPaging } from './paging.ts'

interface CreateOptions {
  readonly kind: string
  readonly namespace?: string
  readonly signingSecretFile?: string
}

const columns: readonly Column[] = [
  { title: 'name', of: 'name' },
  { title: 'kind', of: 'kind' },
  { title: 'namespace', of: 'namespace' },
  { title: 'signed', of: 'signed' },
  { title: 'created', of: 'createdAt' },
]

const addCreate = (sources: Command, sessionOf: SessionOf): void => {
  sources
    .command('create <name>')
    .description('make a source')
    .addOption(new Option('--kind <kind>', 'what sends').choices(['segment', 'zendesk']).default('segment'))
    .option('--namespace <namespace>', 'where its ids of accounts and people live (default: shared by all sources)')
    .option('--signing-secret-file <file>', 'zendesk: the file with its webhook’s signing secret; may be set later')
    .action(async (name: string, { signingSecretFile, ...options }: CreateOptions, command: Command) => {
      const session = sessionOf(command)
      const secret = signingSecretFile && (await readText(session.fileAt(signingSecretFile))).trim()
      const body = { name, ...options, ...(secret && { signingSecret: secret }) }
      const made = await session.service('ingestion').call({ method: 'POST', path: '/v1/sources', body })
      session.printFields(made, columns)
    })
}

const addSign = (sources: Command, sessionOf: SessionOf): void => {
  sources
    .command('sign <name> <file>')
    .description('set the signing secret of a zendesk source to what the file holds')
    .action(async (name: string, file: string, _: unknown, command: Command) => {
      const session = sessionOf(command)
      const body = { signingSecret: (await readText(session.fileAt(file))).trim() }
      const path = pathOf`/v1/sources/${name}/signing-secret`
      session.printFields(await session.service('ingestion').call({ method: 'PUT', path, body }), columns)
    })
}

const addShow = (sources: Command, sessionOf: SessionOf): void => {
  sources
    .command('show <name>')
    .description('one source')
    .action(async (name: string, _: unknown, command: Command) => {
      const session = sessionOf(command)
      session.printFields(await session.service('ingestion').call({ path: pathOf`/v1/sources/${name}` }), columns)
    })
}

const addList = (sources: Command, sessionOf: SessionOf): void => {
  withPaging(sources.command('list').description('the sources')).action(
    async (options: PageOptions, command: Command) => {
      const session = sessionOf(command)
      const page = await session.service('ingestion').call({ path: '/v1/sources', query: pageQuery(options) })
      session.printPage(page, columns, 'there are no sources')
    },
  )
}

export const addSourceCommands = (program: Command, sessionOf: SessionOf): void => {
  const sources = program.command('sources').description('where events come from: a product, a desk')
  addCreate(sources, sessionOf)
  addSign(sources, sessionOf)
  addList(sources, sessionOf)
  addShow(sources, sessionOf)
}
