// The read side: what the API shows, in its own shape.
import type { Pace } from '@banso/contracts'
import { ProblemError } from '@banso/platform'
import type { DataSource } from 'typeorm'
import type { Days } from '../domain/day.ts'
import { daysInStage } from '../domain/derive.ts'
import type { Milestone } from '../domain/journey.ts'
import { type Pacing, presentOf, type Standing, standingOf, type Underway } from '../domain/state.ts'
import { readAccounts } from '../store/accounts.ts'
import type { Journeys, KnownJourney } from '../store/journeys.ts'
import { type AccountLine, type Cell, type LinesQuery, readBoard, readLines, readNotes } from '../store/board.ts'

interface ShownMilestone {
  readonly name: string
  readonly title: Milestone['title']
  readonly stage: string
  readonly kind: 'automatic' | 'manual'
  readonly reachedAt: string | null
  readonly reason: string | null
  readonly values: Readonly<Record<string, unknown>>
  /** Event ids, the newest first. */
  readonly evidence: readonly string[]
  /** Of a manual one that is reached. */
  readonly by?: string
  readonly note?: string
  /** Of one of the present stage that is not reached. */
  readonly pace: Pick<Pacing, 'pace' | 'reason'> | null
}

export interface AccountJourney {
  readonly accountId: string
  readonly journey: {
    readonly name: string
    readonly version: number
    readonly title: Readonly<Record<string, string>>
  }
  readonly stage: string
  readonly since: string
  readonly daysInStage: number
  readonly standing: Standing
  readonly pace: Pick<Pacing, 'pace' | 'reason'> & { readonly since: string | null }
  readonly flags: readonly { readonly flag: string; readonly since: string; readonly reason: string }[]
  readonly milestones: readonly ShownMilestone[]
  /** Stages in the order in which they were entered, and why. */
  readonly history: Underway['entries']
}

export interface Board {
  readonly journey: string
  readonly stages: readonly {
    readonly stage: string
    readonly accounts: number
    readonly states: Readonly<Record<Pace | 'stalled' | 'dormant', number>>
    /** Of them, whatever their state. */
    readonly atRisk: number
  }[]
}

export class JourneyReader {
  constructor(
    private readonly database: DataSource,
    private readonly journeys: Journeys,
    private readonly days: Days,
  ) {}

  /** 404 `ACCOUNT_NOT_FOUND` for one whose journey has not begun. */
  async account(accountId: string): Promise<AccountJourney> {
    const { manager } = this.database
    const [account] = await readAccounts(manager, [accountId])
    if (account?.journey == null || account.state.status === 'waiting')
      throw notFound('ACCOUNT_NOT_FOUND', `no journey of an account ${accountId} has begun`)
    const { state } = account
    const journeyOf = await this.journeys.read(manager, [account.journey])
    const journey = journeyOf(account.journey)
    const notes = await readNotes(manager, accountId)
    return { accountId, ...shown(journey, state, this.days), milestones: milestonesIn(journey, state, notes) }
  }

  /** Stages in the order of the newest version; then those that only older versions have. */
  async board(name: string): Promise<Board> {
    const newest = await this.#known(name)
    const cells = await readBoard(this.database.manager, name)
    const stages = [...new Set([...newest.spec.stages.map((stage) => stage.name), ...cells.map(({ stage }) => stage)])]
    return { journey: name, stages: stages.map((stage) => stageOf(stage, cells)) }
  }

  async lines(query: LinesQuery): Promise<AccountLine[]> {
    await this.#known(query.journey)
    return readLines(this.database.manager, query)
  }

  async #known(name: string): Promise<KnownJourney> {
    const known = await this.journeys.find(this.database.manager, name)
    if (known) return known
    throw notFound('JOURNEY_NOT_FOUND', `there is no journey ${name}`)
  }
}

const notFound = (code: string, detail: string): ProblemError => new ProblemError({ code, status: 404, detail })

const stageOf = (stage: string, cells: readonly Cell[]): Board['stages'][number] => {
  const mine = cells.filter((cell) => cell.stage === stage)
  const states = { 'on-track': 0, behind: 0, stuck: 0, stalled: 0, dormant: 0 }
  for (const { standing, accounts } of mine) states[standing] += accounts
  const sum = (of: (cell: Cell) => number): number => mine.reduce((total, cell) => total + of(cell), 0)
  return { stage, accounts: sum(({ accounts }) => accounts), states, atRisk: sum(({ atRisk }) => atRisk) }
}

const shown = (
  { name, version, title }: KnownJourney,
  state: Underway,
  days: Days,
): Omit<AccountJourney, 'accountId' | 'milestones'> => {
  const present = presentOf(state)
  const { pace, reason, at } = state.pace
  const raised = Object.entries(state.flags).filter(([, flag]) => flag.raised)
  return {
    journey: { name, version, title },
    stage: present.stage,
    since: present.at,
    daysInStage: daysInStage(state, days),
    standing: standingOf(state),
    pace: { pace, reason, since: at },
    flags: raised.map(([flag, { at: since, reason: why }]) => ({ flag, since, reason: why })),
    history: state.entries,
  }
}

const milestonesIn = (
  { spec }: KnownJourney,
  { reached, paces }: Underway,
  notes: ReadonlyMap<string, { readonly by: string; readonly note: string }>,
): ShownMilestone[] =>
  spec.stages.flatMap(({ name: stage, milestones = [] }) =>
    milestones.map(({ name, title, when }) => {
      const finding = reached[name]
      const pacing = paces[name]
      return {
        name,
        title,
        stage,
        kind: when === undefined ? ('manual' as const) : ('automatic' as const),
        reachedAt: finding?.at ?? null,
        reason: finding?.reason ?? null,
        values: finding?.values ?? {},
        evidence: finding?.evidence ?? [],
        ...(finding && notes.get(name)),
        pace: pacing ? { pace: pacing.pace, reason: pacing.reason } : null,
      }
    }),
  )
