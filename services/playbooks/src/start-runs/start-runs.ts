import type { AccountFacts } from '@banso/conditions'
import { topics } from '@banso/contracts'
import type { Work } from '@banso/messaging'
import type { MovedRun, MoveRuns } from '../advance-runs/move-runs.ts'
import { begin } from '../domain/advance.ts'
import { CapBudget, cappedIn } from '../domain/cap-budget.ts'
import type { Standing } from '../domain/decide.ts'
import type { Context } from '../domain/enter-step.ts'
import type { LocalTime } from '../domain/local-time.ts'
import type { Occasion } from '../domain/occasion.ts'
import {
  type Decided,
  decideAll,
  type Known,
  type Match,
  type Qualified,
  matchesAmong,
  qualified,
  windowsOf,
} from '../domain/plan.ts'
import { type CapKey, type Controls, type FactsOf, Occasions } from '../domain/ports.ts'
import { whyOf } from '../domain/run.ts'
import { standingOf } from '../domain/standing.ts'
import type { NewRun, Runs } from '../store/runs.ts'
import type { ActivePlaybooks } from './active-playbooks.ts'

const runOf = (decided: Decided, now: Date): NewRun => {
  const { runId, playbook, occasion, dedupeKey, decision } = decided
  return {
    id: runId,
    playbook: playbook.name,
    version: playbook.version,
    accountId: occasion.accountId,
    dedupeKey,
    occurredAt: occasion.time,
    decidedAt: now,
    why: whyOf(decided),
    heldBack: decision.kind === 'held-back' ? decision.reason : null,
  }
}

const publish = (work: Work, { id, accountId, playbook, version, heldBack, why }: NewRun): void => {
  const at = { topic: topics.runs.name, key: accountId, time: work.now }
  const about = { runId: id, accountId, playbook: { name: playbook, version } }
  const now = work.now.toISOString()
  const told = { ...why, evidence: [...why.evidence], values: { ...why.values } }
  if (heldBack === null)
    work.publish({ ...at, type: 'playbooks.run-started.v1', data: { ...about, startedAt: now, why: told } })
  else
    work.publish({
      ...at,
      type: 'playbooks.run-held-back.v1',
      data: { ...about, heldBackAt: now, reason: heldBack, why: told },
    })
}

/** Decides occasions: each that matches a playbook starts a run, or is held back, and why is kept. */
export class StartRuns extends Occasions {
  constructor(
    private readonly playbooks: ActivePlaybooks,
    private readonly runs: Runs,
    private readonly facts: FactsOf,
    private readonly controls: Controls,
    private readonly moves: MoveRuns,
    private readonly local: LocalTime,
  ) {
    super()
  }

  override capsOf(occasions: readonly Occasion[], now: Date): CapKey[] {
    const day = this.local.dayOf(now)
    const matched = new Set(matchesAmong(this.playbooks.current, occasions).map(({ playbook }) => playbook))
    return [...matched].flatMap(({ name: playbook, program }) =>
      [...program.caps.keys()].map((step) => ({ playbook, step, day })),
    )
  }

  override async offer(work: Work, occasions: readonly Occasion[]): Promise<void> {
    const { tx, now } = work
    const matched = matchesAmong(this.playbooks.current, occasions)
    if (matched.length === 0) return
    const ids = matched.map(({ runId }) => runId)
    const before = await this.runs.decided(tx, ids)
    const fresh = matched.filter(({ runId }) => !before.has(runId))
    const facts = await this.facts.read(tx, [...new Set(fresh.map(({ occasion }) => occasion.accountId))], now)
    const found = qualified(fresh, facts)
    if (found.length === 0) return
    const known = await this.#known(work, found, facts)
    await this.#start(work, decideAll(found, known))
    if (known.budget.taken.length > 0) await this.controls.use(tx, known.budget.taken)
  }

  async #start(work: Work, decided: readonly Decided[]): Promise<void> {
    const runs = decided.map((one) => runOf(one, work.now))
    await this.runs.add(work.tx, runs)
    for (const run of runs) publish(work, run)
    const begun = decided.flatMap(({ decision, runId, playbook, occasion }): MovedRun[] => {
      if (decision.kind === 'held-back') return []
      const run = { id: runId, accountId: occasion.accountId, playbook: playbook.name, version: playbook.version }
      return [{ run, advanced: decision.begun }]
    })
    await this.moves.move(work, begun)
  }

  async #known(
    { tx, now }: Work,
    found: readonly Qualified[],
    facts: ReadonlyMap<string, AccountFacts>,
  ): Promise<Known> {
    const standings = await this.#standings(tx, [...new Set(found.map(({ playbook }) => playbook.name))])
    const observing = [...standings].filter(([, { mode }]) => mode === 'observe').map(([name]) => name)
    const contextOf = ({ playbook: { program }, occasion: { accountId } }: Match): Omit<Context, 'capReached'> => {
      const known = facts.get(accountId)
      if (known === undefined) throw new Error('an account was decided without its facts')
      return { program, now, local: this.local, facts: known, paused: false }
    }
    const budget = await this.#budget(tx, now, found, contextOf)
    return {
      states: await this.runs.keyStates(tx, windowsOf(found), observing),
      standings,
      budget,
      circumstances: (match, standing) => {
        const context = contextOf(match)
        const { name, program } = match.playbook
        const capReached = (step: string): boolean => budget.reached(name, step, program.caps.get(step) ?? Infinity)
        const seriousTicket = context.facts.tickets.serious > 0
        return { ...standing, seriousTicket, begin: () => begin({ ...context, capReached }) }
      },
    }
  }

  /** Of the caps that these would use at once: others are not locked. */
  async #budget(
    tx: Work['tx'],
    now: Date,
    found: readonly Qualified[],
    contextOf: (match: Match) => Omit<Context, 'capReached'>,
  ): Promise<CapBudget> {
    const day = this.local.dayOf(now)
    const capped = found
      .filter(({ playbook }) => playbook.program.caps.size > 0)
      .flatMap((match) => {
        const { outputs } = begin({ ...contextOf(match), capReached: () => false })
        return cappedIn(match.playbook, outputs, day)
      })
    return new CapBudget(day, capped.length === 0 ? new Map() : await this.controls.used(tx, capped))
  }

  async #standings(tx: Work['tx'], names: readonly string[]): Promise<Map<string, Standing>> {
    const controls = await this.controls.read(tx, names)
    const active = new Map(this.playbooks.current.map((playbook) => [playbook.name, playbook]))
    return new Map(
      names.flatMap((name): [string, Standing][] => {
        const playbook = active.get(name)
        if (playbook === undefined) return []
        return [[name, standingOf(playbook.document, controls.get(name), playbook.activeSince)]]
      }),
    )
  }
}
