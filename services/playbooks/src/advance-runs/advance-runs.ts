import type { AccountFacts } from '@banso/conditions'
import type { Work } from '@banso/messaging'
import { advance, type Advanced } from '../domain/advance.ts'
import { CapBudget } from '../domain/cap-budget.ts'
import type { LocalTime } from '../domain/local-time.ts'
import type { Playbook } from '../domain/playbook.ts'
import type { Control, Controls, FactsOf, SettledActions, WaitingRuns } from '../domain/ports.ts'
import type { HeldInput } from '../domain/run-state.ts'
import type { Runs, RunUnderWay } from '../store/runs.ts'
import type { MovedRun, MoveRuns } from './move-runs.ts'
import type { PlaybookVersions } from './playbook-versions.ts'
import { goOnTimer } from './run-timers.ts'

interface Move {
  readonly run: RunUnderWay
  readonly input: HeldInput
}

/** What moving a batch goes by. */
interface Known {
  readonly playbooks: ReadonlyMap<RunUnderWay, Playbook>
  readonly facts: ReadonlyMap<string, AccountFacts>
  readonly controls: ReadonlyMap<string, Control>
  readonly budget: CapBudget
}

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

  async factsChanged(work: Work, accountIds: readonly string[]): Promise<void> {
    if (accountIds.length === 0) return
    const watching = await this.runs.watching(work.tx, accountIds)
    await this.#advance(
      work,
      watching.map((run) => ({ run, input: { kind: 'look' } })),
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

  async #advance(work: Work, moves: readonly Move[]): Promise<void> {
    if (moves.length === 0) return
    const known = await this.#known(work, moves)
    const moved = moves.flatMap(({ run, input }) => this.#moved(work.now, run, input, known))
    await this.moves.move(work, moved)
    if (known.budget.taken.length > 0) await this.controls.use(work.tx, known.budget.taken)
  }

  async #known({ tx, now }: Work, moves: readonly Move[]): Promise<Known> {
    const playbooks = new Map<RunUnderWay, Playbook>()
    for (const { run } of moves) playbooks.set(run, await this.versions.get(tx, run.playbook, run.version))
    const accounts = moves.map(({ run }) => run.accountId)
    const day = this.local.dayOf(now)
    const capped = [...new Set(playbooks.values())].flatMap(({ name: playbook, program }) =>
      [...program.caps.keys()].map((step) => ({ playbook, step, day })),
    )
    const used = capped.length === 0 ? new Map<string, number>() : await this.controls.used(tx, capped)
    return {
      playbooks,
      facts: await this.facts.read(tx, [...new Set(accounts)], now),
      controls: await this.controls.read(tx, [...new Set(moves.map(({ run }) => run.playbook))]),
      budget: new CapBudget(day, used),
    }
  }

  #moved(now: Date, run: RunUnderWay, input: HeldInput, known: Known): MovedRun[] {
    const [playbook, facts] = [known.playbooks.get(run), known.facts.get(run.accountId)]
    if (playbook === undefined || facts === undefined) return []
    const { program } = playbook
    const advanced: Advanced = advance(run.state, input, {
      program,
      now,
      local: this.local,
      facts,
      paused: known.controls.get(run.playbook)?.paused ?? false,
      capReached: (step) => known.budget.reached(run.playbook, step, program.caps.get(step) ?? Infinity),
    })
    for (const output of advanced.outputs)
      if (output.kind === 'request' && program.caps.has(output.step)) known.budget.take(run.playbook, output.step)
    return advanced.state === run.state && advanced.outputs.length === 0 ? [] : [{ run, advanced }]
  }
}
