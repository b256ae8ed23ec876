import type { Command } from 'commander'
import { services, type ServiceName } from '../config.ts'
import { CommandError, EXIT } from '../exit-codes.ts'
import { isObject, listAt, textAt, valueAt } from '../json.ts'
import { type Column, renderTable, shownText } from '../output/table.ts'
import type { Session, SessionOf } from '../session.ts'

/** An address at which nothing answers does not hold up what the others say for long. */
const ANSWER_WITHIN_MS = 10_000

interface ServiceStatus {
  readonly service: ServiceName
  /** What is not well, by the names of its checks; empty when ready. */
  readonly notReady: readonly string[]
  /** What the service says of its groups and its outbox; null when it could not be asked. */
  readonly operations: unknown
  /** Why it could not be asked. */
  readonly fault: CommandError | null
}

/** What is not well, from the answer of /health/ready. */
export const failingChecks = (body: unknown): string[] => {
  const details = valueAt(body, 'error')
  const named = isObject(details) ? Object.entries(details) : []
  return named.map(([check, state]) => `${check}: ${textAt(state, 'reason') ?? 'down'}`)
}

const statusOf = async (session: Session, service: ServiceName): Promise<ServiceStatus> => {
  try {
    const client = session.service(service)
    const [ready, operations] = await Promise.all([
      client.ask({ path: '/health/ready', withinMs: ANSWER_WITHIN_MS }),
      client.call({ path: '/v1/operations/status', withinMs: ANSWER_WITHIN_MS }),
    ])
    const failing = failingChecks(ready.body)
    const notReady = ready.status === 200 ? [] : failing.length > 0 ? failing : [`HTTP ${ready.status}`]
    return { service, notReady, operations, fault: null }
  } catch (fault) {
    if (!(fault instanceof CommandError)) throw fault
    return { service, notReady: ['no status'], operations: null, fault }
  }
}

const secondsAt = (row: unknown, path: string): string | null => {
  const seconds = valueAt(row, path)
  return typeof seconds === 'number' ? `${Math.round(seconds)} s` : null
}

const columns: readonly Column[] = [
  { title: 'service', of: 'service' },
  { title: 'ready', of: 'ready' },
  { title: 'group', of: 'group.group' },
  { title: 'state', of: 'group.state' },
  { title: 'lag', of: 'group.lag' },
  { title: 'parked', of: 'group.parked' },
  { title: 'dead', of: 'group.dead' },
  { title: 'outbox', of: 'outbox.rows' },
  { title: 'outbox age', of: (row) => secondsAt(row, 'outbox.oldestSeconds') },
]

const rowsOf = ({ service, notReady, operations }: ServiceStatus): unknown[] => {
  const groups = listAt(operations, 'groups')
  const outbox = valueAt(operations, 'outbox')
  const ready = notReady.length === 0 ? 'yes' : 'no'
  return (groups.length === 0 ? [null] : groups).map((group) => ({ service, ready, group, outbox }))
}

const remarksOf = ({ service, notReady, operations, fault }: ServiceStatus): string[] => {
  if (fault !== null) return [`${service}: ${fault.message}`]
  const stopped = listAt(operations, 'groups').map((group) => ({ what: textAt(group, 'group'), part: group }))
  const parts = [...stopped, { what: 'outbox', part: valueAt(operations, 'outbox') }]
  const reasons = parts.flatMap(({ what, part }) => {
    const reason = textAt(part, 'reason')
    return reason === undefined ? [] : [`${service}: ${what} ${textAt(part, 'state')}: ${reason}`]
  })
  return [...notReady.map((check) => `${service}: ${check}`), ...reasons]
}

const standsStill = ({ operations }: ServiceStatus): boolean =>
  textAt(operations, 'outbox.state') === 'behind' ||
  listAt(operations, 'groups').some((group) => textAt(group, 'state') === 'stopped')

export const addStatusCommand = (program: Command, sessionOf: SessionOf): void => {
  program
    .command('status')
    .description('every service: is it ready, how far behind, what is parked, dead, waiting to be sent')
    .action(async (_: unknown, command: Command) => {
      const session = sessionOf(command)
      const all = await Promise.all(services.map((service) => statusOf(session, service)))
      const first = all.find((status) => status.fault !== null)?.fault
      if (first && all.every((status) => status.fault?.exitCode === EXIT.usage)) throw first // no installation is known
      const shown = all.map(({ fault, ...status }) => ({ ...status, fault: fault?.message ?? null }))
      session.print({ services: shown }, () =>
        [
          renderTable(all.flatMap(rowsOf), columns),
          ...all.flatMap(remarksOf).map((remark) => `${shownText(remark)}\n`),
        ].join(''),
      )
      if (first) throw first
      const red = all.filter((status) => status.notReady.length > 0 || standsStill(status))
      if (red.length > 0)
        throw new CommandError(EXIT.notReady, `not well: ${red.map(({ service }) => service).join(', ')}`)
    })
}
