import type { Command } from 'commander'
import { basename, extname } from 'node:path'
import { stringify } from 'yaml'
import { CommandError, EXIT } from '../exit-codes.ts'
import { type Call, pathOf } from '../http/service-client.ts'
import { readJson } from '../input-file.ts'
import { isObject, listAt, textAt, valueAt } from '../json.ts'
import type { Session, SessionOf } from '../session.ts'
import { pageQuery, type PageOptions, withPaging } from './paging.ts'
import { saidBy, type SaidOptions, withSaid } from './saying.ts'

type ControlOptions = SaidOptions & { readonly reason?: string; readonly all?: boolean }

/** The playbooks of a page, each with what was last said to it; a pause of all counts for each. */
const withControls = (page: unknown, controls: unknown): unknown => {
  const allPaused = valueAt(controls, 'all.paused') === true
  const said = new Map(listAt(controls, 'items').map((control) => [textAt(control, 'playbook'), control]))
  const items = listAt(page, 'items').map((playbook) => {
    const control = said.get(textAt(playbook, 'name'))
    const paused = allPaused || valueAt(control, 'paused') === true
    const mode = textAt(control, 'mode') ?? textAt(playbook, 'document.mode') ?? null
    return { ...(isObject(playbook) && playbook), mode, paused }
  })
  return { ...(isObject(page) && page), items }
}

const addList = (playbooks: Command, sessionOf: SessionOf): void => {
  withPaging(playbooks.command('list').description('the playbooks, each in its newest version')).action(
    async (options: PageOptions, ran: Command) => {
      const session = sessionOf(ran)
      const service = session.service('playbooks')
      const [page, controls] = await Promise.all([
        service.call({ path: '/v1/playbooks', query: pageQuery(options) }),
        service.call({ path: '/v1/playbooks/controls' }),
      ])
      session.printPage(
        withControls(page, controls),
        [
          { title: 'name', of: 'name' },
          { title: 'version', of: 'version' },
          { title: 'enabled', of: 'document.enabled' },
          { title: 'mode', of: 'mode' },
          { title: 'paused', of: 'paused' },
          { title: 'endpoint', of: 'endpoint.state' },
          { title: 'stored', of: 'storedAt' },
        ],
        'there are no playbooks',
      )
    },
  )
}

const addShow = (playbooks: Command, sessionOf: SessionOf): void => {
  playbooks
    .command('show <name>')
    .description('one playbook as it is stored; a file that apply takes: blueprints show Playbook')
    .option('--version <n>', 'this version; without it, the newest')
    .action(async (name: string, { version }: { version?: string }, ran: Command) => {
      const session = sessionOf(ran)
      const path = pathOf`/v1/playbooks/${name}`
      const shown = await session.service('playbooks').call({ path, query: { version } })
      session.print(shown, () => stringify(shown))
    })
}

const controlled = (answer: unknown): string => {
  const name = textAt(answer, 'playbook') ?? 'all playbooks'
  const mode = textAt(answer, 'mode')
  return `${name}: ${valueAt(answer, 'paused') === true ? 'paused' : 'not paused'}${mode === undefined ? '' : `, ${mode}`}\n`
}

const command = async (session: Session, path: string, options: ControlOptions): Promise<void> => {
  const { reason } = options
  const body = { by: saidBy(session, options), ...(reason !== undefined && { reason }) }
  const call: Call = { method: 'POST', path, body }
  const answer = await session.service('playbooks').call(call)
  session.print(answer, () => controlled(answer))
}

const withReason = (added: Command): Command => withSaid(added.option('--reason <text>', 'why'))

const addPausing = (playbooks: Command, sessionOf: SessionOf, verb: 'pause' | 'resume', description: string): void => {
  withReason(playbooks.command(`${verb} [name]`).description(description).option('--all', 'every playbook')).action(
    async (name: string | undefined, options: ControlOptions, ran: Command) => {
      if ((name === undefined) !== (options.all === true))
        throw new CommandError(EXIT.usage, 'name a playbook, or --all')
      const path = name === undefined ? `/v1/playbooks/${verb}` : pathOf`/v1/playbooks/${name}/${verb}`
      await command(sessionOf(ran), path, options)
    },
  )
}

const addMode = (playbooks: Command, sessionOf: SessionOf, verb: 'activate' | 'observe', description: string): void => {
  withReason(playbooks.command(`${verb} <name>`).description(description)).action(
    async (name: string, options: ControlOptions, ran: Command) =>
      command(sessionOf(ran), pathOf`/v1/playbooks/${name}/${verb}`, options),
  )
}

const addRotate = (playbooks: Command, sessionOf: SessionOf): void => {
  playbooks
    .command('rotate-secret <name>')
    .description('a new webhook secret, shown this once; the one before it signs as well for a day')
    .action(async (name: string, _: unknown, ran: Command) => {
      const session = sessionOf(ran)
      const path = pathOf`/v1/playbooks/${name}/secret/rotate`
      session.printFields(await session.service('playbooks').call({ method: 'POST', path }), [
        { title: 'name', of: 'name' },
        { title: 'webhook secret', of: 'secret' },
        { title: 'previous until', of: 'previousUntil' },
      ])
    })
}

const addPut = (playbooks: Command, sessionOf: SessionOf): void => {
  playbooks
    .command('put <file>')
    .description('store what a playbook is (JSON, its spec alone) as its newest version; whole documents: apply')
    .option('--name <name>', 'its name (default: that of the file, without .json)')
    .action(async (file: string, { name }: { name?: string }, ran: Command) => {
      const session = sessionOf(ran)
      const body = await readJson(session.fileAt(file))
      const path = pathOf`/v1/playbooks/${name ?? basename(file, extname(file))}`
      session.printFields(await session.service('playbooks').call({ method: 'PUT', path, body }), [
        { title: 'name', of: 'name' },
        { title: 'version', of: 'version' },
        { title: 'changed', of: 'changed' },
        { title: 'webhook secret, shown this once', of: 'secret' },
      ])
    })
}

export const addPlaybookCommands = (program: Command, sessionOf: SessionOf): void => {
  const playbooks = program.command('playbooks').description('what Banso does about an account')
  addPut(playbooks, sessionOf)
  addList(playbooks, sessionOf)
  addShow(playbooks, sessionOf)
  addPausing(playbooks, sessionOf, 'pause', 'start no runs and no steps from now on')
  addPausing(playbooks, sessionOf, 'resume', 'go on')
  addMode(playbooks, sessionOf, 'activate', 'act from now on')
  addMode(playbooks, sessionOf, 'observe', 'only tell what would have been done')
  addRotate(playbooks, sessionOf)
}
