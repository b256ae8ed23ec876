import type { AccountFacts } from '@banso/conditions'
import { topics } from '@banso/contracts'
import type { Work } from '@banso/messaging'
import type { MovedRun, MoveRuns } from '../advance-runs/move-runs.ts'
import { begin } from '../domain/advance.ts'
import { CapBudget } from '../domain/cap-budget.ts'
import type { Standing } from '../domain/decide.ts'
import type { LocalTime } from '../domain/local-time.ts'
import type { Occasion } from '../domain/occasion.ts'
import {
  type Decided,
  decideAll,
  type Known,
  type Qualified,
  matchesAmong,
  qualified,
  windowsOf,
} from '../domain/plan.ts'
import { type Controls, type FactsOf, Occasions } from '../domain/ports.ts'
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
    const playbooks = new Map(found.map(({ playbook }) => [playbook.name, playbook]))
    const day = this.local.dayOf(now)
    const capped = [...playbooks.values()].flatMap(({ name: playbook, program }) =>
      [...program.caps.keys()].map((step) => ({ playbook, step, day })),
    )
    const used = capped.length === 0 ? new Map<string, number>() : await this.controls.used(tx, capped)
    const standings = await this.#standings(tx, [...playbooks.keys()])
    const observing = [...standings].filter(([, { mode }]) => mode === 'observe').map(([name]) => name)
    const budget = new CapBudget(day, used)
    return {
      states: await this.runs.keyStates(tx, windowsOf(found), observing),
      standings,
      budget,
      circumstances: ({ playbook: { name, program }, occasion: { accountId } }, standing) => {
        const known = facts.get(accountId)
        if (known === undefined) throw new Error('an account was decided without its facts')
        const capReached = (step: string): boolean => budget.reached(name, step, program.caps.get(step) ?? Infinity)
        const context = { program, now, local: this.local, facts: known, paused: false, capReached }
        return { ...standing, seriousTicket: known.tickets.serious > 0, begin: () => begin(context) }
      },
    }
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
