// One account on one screen of the terminal.
import { isObject, listAt, numberAt, textAt, valueAt } from '../json.ts'
import { stageLine, standingReasons } from './journey-lines.ts'
import { percentAt, points, signedPoints } from './points.ts'
import { cellText, type Column, renderRows } from './table.ts'

const MOST_REASONS = 6

interface AccountView {
  readonly id: string
  readonly [part: string]: unknown
}

const minute = (time: string | undefined): string | undefined => time?.slice(0, 16).replace('T', ' ')

const indented = (rows: readonly unknown[], columns: readonly Column[], none: string): string[] =>
  rows.length === 0 ? [`  ${none}\n`] : renderRows(rows, columns).map((line) => `  ${line}`)

const heading = ({ id, profile }: AccountView): string => {
  const name = textAt(profile, 'name')
  const external = textAt(profile, 'externalId')
  return `${cellText(name ?? external ?? id)}${external === undefined ? '' : ` (${cellText(external)})`}  ${id}\n`
}

const scoreLine = (score: unknown): string => {
  const parts = [
    `${points(numberAt(score, 'score'))} ${textAt(score, 'band') ?? 'no band'}`,
    `outcome ${points(numberAt(score, 'outcome.score'))}`,
    `experience ${points(numberAt(score, 'experience.score'))}`,
    `coverage ${percentAt('coverage')(score)}`,
    `on ${textAt(score, 'day')}`,
  ]
  return `${parts.join('  ')}\n`
}

const overrideLine = (score: unknown): string[] => {
  if (!isObject(valueAt(score, 'override'))) return []
  const [reason, owner, until] = ['reason', 'owner', 'until'].map((key) => cellText(valueAt(score, `override.${key}`)))
  return [`  set by ${owner} until ${until}: ${reason}; computed ${points(numberAt(score, 'computed.score'))}\n`]
}

const health = ({ score }: AccountView): string[] => {
  if (score === null) return ['Health     no score yet\n']
  const reasons = listAt(score, 'why').slice(0, MOST_REASONS)
  return [
    `Health     ${scoreLine(score)}`,
    ...overrideLine(score),
    ...indented(
      reasons,
      [
        { title: 'points', of: (row) => signedPoints(numberAt(row, 'contribution')).padStart(5) },
        { title: 'measure', of: 'label' },
        { title: 'why', of: 'text' },
      ],
      'no measure has a value',
    ),
  ]
}

const journey = ({ journey: standing }: AccountView): string[] =>
  standing === null
    ? ['Journey    none yet\n']
    : [`Journey    ${stageLine(standing)}\n`, ...standingReasons(standing).map((reason) => `  ${reason}\n`)]

const list = (title: string, page: unknown, columns: readonly Column[], none: string): string[] => {
  const more = textAt(page, 'next') === undefined ? '' : '  (and more)'
  return [`${title}${more}\n`, ...indented(listAt(page, 'items'), columns, none)]
}

const tickets: readonly Column[] = [
  { title: 'ticket', of: 'ticketId' },
  { title: 'priority', of: 'priority' },
  { title: 'status', of: 'status' },
  { title: 'opened', of: (row) => minute(textAt(row, 'openedAt')) },
  { title: 'rating', of: 'rating' },
]

const runs: readonly Column[] = [
  { title: 'decided', of: (row) => minute(textAt(row, 'decidedAt')) },
  { title: 'playbook', of: 'playbook.name' },
  { title: 'state', of: 'state' },
  { title: 'reason', of: 'reason' },
]

const tasks: readonly Column[] = [
  { title: 'due', of: (row) => minute(textAt(row, 'dueAt')) },
  { title: 'owner', of: 'owner' },
  { title: 'title', of: 'title' },
]

/** What each service said of an account; null where it does not know it. */
export const accountScreen = (view: AccountView): string =>
  [
    heading(view),
    ...health(view),
    ...journey(view),
    ...list('Tickets', view['tickets'], tickets, 'none'),
    ...list('Runs', view['runs'], runs, 'none'),
    ...list('Open tasks', view['tasks'], tasks, 'none'),
  ].join('')
