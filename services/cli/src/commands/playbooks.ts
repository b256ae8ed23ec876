import type { Command } from 'commander'
import { basename, extname } from 'node:path'
import { pathOf } from '../http/service-client.ts'
import { readJson } from '../input-file.ts'
import type { SessionOf } from '../session.ts'
import { pageQuery, type PageOptions, withPaging } from './paging.ts'

const addPut = (playbooks: Command, sessionOf: SessionOf): void => {
  playbooks
    .command('put <file>')
    .description('store a playbook as its newest version; the webhook secret of a new one is shown this once')
    .option('--name <name>', 'its name (default: that of the file, without .json)')
    .action(async (file: string, { name }: { name?: string }, command: Command) => {
      const session = sessionOf(command)
      const body = await readJson(session.fileAt(file))
      const path = pathOf`/v1/playbooks/${name ?? basename(file, extname(file))}`
      const stored = await session.service('playbooks').call({ method: 'PUT', path, body })
      session.printFields(stored, [
        { title: 'name', of: 'name' },
        { title: 'version', of: 'version' },
        { title: 'changed', of: 'changed' },
        { title: 'webhook secret', of: 'secret' },
      ])
    })
}

const addList = (playbooks: Command, sessionOf: SessionOf): void => {
  withPaging(playbooks.command('list').description('the playbooks, each in its newest version')).action(
    async (options: PageOptions, command: Command) => {
      const session = sessionOf(command)
      const page = await session.service('playbooks').call({ path: '/v1/playbooks', query: pageQuery(options) })
      session.printPage(
        page,
        [
          { title: 'name', of: 'name' },
          { title: 'version', of: 'version' },
          { title: 'enabled', of: 'document.enabled' },
          { title: 'trigger', of: 'document.trigger.on' },
          { title: 'webhook', of: 'document.action.url' },
          { title: 'endpoint', of: 'endpoint.state' },
          { title: 'stored', of: 'storedAt' },
        ],
        'there are no playbooks',
      )
    },
  )
}

export const addPlaybookCommands = (program: Command, sessionOf: SessionOf): void => {
  const playbooks = program.command('playbooks').description('what Banso does when the health of an account changes')
  addPut(playbooks, sessionOf)
  addList(playbooks, sessionOf)
}
