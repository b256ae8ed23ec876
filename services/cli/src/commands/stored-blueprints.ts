import { Argument, type Command } from 'commander'
import { stringify } from 'yaml'
import { type Kind, kinds } from '../blueprints/documents.ts'
import { ownerOf } from '../blueprints/send.ts'
import { pathOf, type ServiceClient } from '../http/service-client.ts'
import { isObject, listAt, textAt } from '../json.ts'
import { cellText, renderTable } from '../output/table.ts'
import type { SessionOf } from '../session.ts'

const MOST_OF_A_PAGE = '200'

const allOf = async (service: ServiceClient): Promise<unknown[]> => {
  const items: unknown[] = []
  let cursor: string | undefined
  do {
    const page = await service.call({ path: '/v1/blueprints', query: { limit: MOST_OF_A_PAGE, cursor } })
    items.push(...listAt(page, 'items'))
    cursor = textAt(page, 'next')
  } while (cursor !== undefined)
  return items
}

const addList = (blueprints: Command, sessionOf: SessionOf): void => {
  blueprints
    .command('list')
    .description('all that are in force, of every kind, with version and time')
    .action(async (_: unknown, command: Command) => {
      const session = sessionOf(command)
      const owners = [...new Set(kinds.map(ownerOf))].map((name) => session.service(name))
      const items = (await Promise.all(owners.map(allOf))).flat()
      session.print({ items, next: null }, () =>
        items.length === 0
          ? 'there are no blueprints\n'
          : renderTable(items, [
              { title: 'kind', of: 'kind' },
              { title: 'name', of: 'name' },
              { title: 'version', of: 'version' },
              { title: 'applied', of: 'appliedAt' },
            ]),
      )
    })
}

/** A file as `apply` takes it; its version and time as a comment. */
const fileOf = (stored: unknown): string => {
  const { version, appliedAt, ...document } = isObject(stored) ? stored : {}
  return `# version ${cellText(version)}, applied ${cellText(appliedAt)}\n${stringify(document)}`
}

const addShow = (blueprints: Command, sessionOf: SessionOf): void => {
  blueprints
    .command('show')
    .description('one as it was applied, as YAML; of the URLs of Slack, which are secrets, the host alone')
    .addArgument(new Argument('<kind>').choices(kinds))
    .argument('<name>', 'its name')
    .option('--version <n>', 'this version; without it, the newest')
    .action(async (kind: Kind, name: string, { version }: { version?: string }, command: Command) => {
      const session = sessionOf(command)
      const path = pathOf`/v1/blueprints/${kind}/${name}`
      const stored = await session.service(ownerOf(kind)).call({ path, query: { version } })
      session.print(stored, () => fileOf(stored))
    })
}

export const addStoredBlueprintCommands = (program: Command, sessionOf: SessionOf): void => {
  const blueprints = program.command('blueprints').description('what was applied, as the services have it')
  addList(blueprints, sessionOf)
  addShow(blueprints, sessionOf)
}
