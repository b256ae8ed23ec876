import type { AccountFacts } from '@banso/conditions'
import type { Work } from '@banso/messaging'
import { advance, type Advanced, revive } from '../domain/advance.ts'
import { CapBudget, cappedIn } from '../domain/cap-budget.ts'
import type { LocalTime } from '../domain/local-time.ts'
import type { Playbook } from '../domain/playbook.ts'
import type { CapKey, Control, Controls, FactsOf, SettledActions, WaitingRuns } from '../domain/ports.ts'
import type { HeldInput } from '../domain/run-state.ts'
import type { Runs, StandingRun } from '../store/runs.ts'
import type { MovedRun, MoveRuns } from './move-runs.ts'
import type { PlaybookVersions } from './playbook-versions.ts'
import { goOnTimer } from './run-timers.ts'

interface Move {
  readonly run: StandingRun
  readonly input: HeldInput
}

/** What moving a batch goes by. */
interface Known {
  /** By run id; null: its version is not valid in this release. */
  readonly playbooks: ReadonlyMap<string, Playbook | null>
  readonly facts: ReadonlyMap<string, AccountFacts>
  readonly controls: ReadonlyMap<string, Control>
}

const OUTDATED: Advanced = { state: { status: 'failed', reason: 'playbook-outdated' }, outputs: [], trail: [] }

/** Runs that a pause held, let go at once; the rest follow by the timers of these. */
const HELD_PAGE = 500

/** Moves runs under way: by what actions came to, by timers, by facts that changed, by the end of a pause. */
export class AdvanceRuns implements SettledActions, WaitingRuns {
  constructor(
    private readonly runs: Runs,
    private readonly versions: PlaybookVersions,
    private readonly facts: FactsOf,
    private readonly controls: Controls,
    private readonly moves: MoveRuns,
    private readonly local: LocalTime,
  ) {}

  async actionSettled(work: Work, settled: Parameters<SettledActions['actionSettled']>[1]): Promise<void> {
    const { runId, step, outcome } = settled
    await this.input(work, runId, { kind: 'settled', step, outcome })
  }

  async actionRedriven(work: Work, { runId, step }: Parameters<SettledActions['actionRedriven']>[1]): Promise<void> {
    const run = await this.runs.failed(work.tx, runId)
    const advanced = run === undefined ? null : revive(run.state, step)
    if (run !== undefined && advanced !== null) await this.moves.move(work, [{ run, advanced }])
  }

  async factsChanged(work: Work, accountIds: readonly string[], besides: readonly CapKey[] = []): Promise<void> {
    if (accountIds.length === 0) return
    const watching = await this.runs.watching(work.tx, accountIds)
    await this.#advance(
      work,
      watching.map((run) => ({ run, input: { kind: 'look' } })),
      besides,
    )
  }

  async resumed(work: Work, playbook: string | null): Promise<void> {
    let after = ''
    for (;;) {
      const page = await this.runs.held(work.tx, playbook, after, HELD_PAGE)
      for (const { id, accountId } of page) work.schedule(goOnTimer(id, accountId, work.now))
      if (page.length < HELD_PAGE) return
      after = page.at(-1)?.id ?? ''
    }
  }

  /** One input of one run; nothing when the run has ended. */
  async input(work: Work, runId: string, input: HeldInput): Promise<void> {
    const found = await this.runs.underWay(work.tx, [runId])
    await this.#advance(
      work,
      found.map((run) => ({ run, input })),
    )
  }

  async #advance(work: Work, moves: readonly Move[], besides: readonly CapKey[] = []): Promise<void> {
    if (moves.length === 0) return
    const known = await this.#known(work, moves)
    const moved = await this.#withinCaps(work, moves, known, besides)
    await this.moves.move(work, moved)
  }

  /** Caps are locked only when somebody is about to use them, and then all that the transaction may use. */
  async #withinCaps(
    { tx, now }: Work,
    moves: readonly Move[],
    known: Known,
    besides: readonly CapKey[],
  ): Promise<MovedRun[]> {
    const day = this.local.dayOf(now)
    const free = this.#moved(now, moves, known)
    const capped = free.flatMap(({ run, advanced }) => {
      const playbook = known.playbooks.get(run.id) ?? null
      return playbook === null ? [] : cappedIn(playbook, advanced.outputs, day)
    })
    if (capped.length === 0) return free
    const budget = new CapBudget(day, await this.controls.used(tx, [...capped, ...besides]))
    const moved = this.#moved(now, moves, known, budget)
    await this.controls.use(tx, budget.taken)
    return moved
  }

  async #known({ tx, now }: Work, moves: readonly Move[]): Promise<Known> {
    const playbooks = new Map<string, Playbook | null>()
    for (const { run } of moves) playbooks.set(run.id, await this.versions.get(tx, run.playbook, run.version))
    return {
      playbooks,
      facts: await this.facts.read(tx, [...new Set(moves.map(({ run }) => run.accountId))], now),
      controls: await this.controls.read(tx, [...new Set(moves.map(({ run }) => run.playbook))]),
    }
  }

  #moved(now: Date, moves: readonly Move[], known: Known, budget?: CapBudget): MovedRun[] {
    return moves.flatMap(({ run, input }) => {
      const [playbook, facts] = [known.playbooks.get(run.id) ?? null, known.facts.get(run.accountId)]
      if (facts === undefined) throw new Error('an account was moved without its facts')
      if (playbook === null) return [{ run, advanced: OUTDATED }]
      const { name, program } = playbook
      const paused = known.controls.get(name)?.paused ?? false
      const capReached = (step: string): boolean =>
        budget?.reached(name, step, program.caps.get(step) ?? Infinity) ?? false
      const advanced = advance(run.state, input, { program, now, local: this.local, facts, paused, capReached })
      if (budget !== undefined) for (const cap of cappedIn(playbook, advanced.outputs, budget.day)) budget.take(cap)
      return advanced.state === run.state && advanced.outputs.length === 0 ? [] : [{ run, advanced }]
    })
  }
}
