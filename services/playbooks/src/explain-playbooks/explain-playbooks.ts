import { ProblemError } from '@banso/platform'
import type { DataSource, EntityManager } from 'typeorm'
import { coolDownMsOf, type KeyState } from '../domain/decide.ts'
import { clockOf, tellNever, tellNow, tellRun } from '../domain/explain/tell.ts'
import { imagined, type Present, type WhyNow, whyNow } from '../domain/explain/why-now.ts'
import type { Language } from '../domain/explain/words.ts'
import type { LocalTime } from '../domain/local-time.ts'
import { type Playbook, playbookOf } from '../domain/playbook.ts'
import type { PlaybooksAtHand } from '../domain/playbooks-at-hand.ts'
import type { FactsOf } from '../domain/ports.ts'
import { ALL_PLAYBOOKS, type ControlShown, type PlaybookControls } from '../store/controls.ts'
import type { PastRun, RunHistory } from '../store/run-history.ts'
import type { Runs } from '../store/runs.ts'

const RUNS_SHOWN = 10

export interface WhyAnswer {
  readonly playbook: { readonly name: string; readonly version: number }
  readonly account: { readonly id: string; readonly externalId: string | null; readonly name: string | null }
  readonly asOf: string
  /** Of the newest version, were its trigger to come now. */
  readonly now: WhyNow & { readonly mode: 'observe' | 'active'; readonly text: readonly string[] }
  /** What was said to the playbook, and to all. */
  readonly controls: readonly ControlShown[]
  /** Newest first. */
  readonly runs: readonly (PastRun & { readonly text: string })[]
  /** The answer for people. */
  readonly text: readonly string[]
}

export interface ExplainParts {
  readonly database: DataSource
  readonly playbooks: PlaybooksAtHand
  readonly facts: FactsOf
  readonly controls: PlaybookControls
  readonly runs: Runs
  readonly history: RunHistory
  readonly local: LocalTime
}

interface Asked {
  readonly playbook: Playbook
  readonly accountId: string
  readonly now: Date
}

const notFound = (code: 'PLAYBOOK_NOT_FOUND' | 'ACCOUNT_NOT_FOUND', detail: string): ProblemError =>
  new ProblemError({ code, status: 404, detail })

const pausedBy = (controls: readonly ControlShown[]): Present['pausedBy'] => {
  const paused = controls.filter((control) => control.paused)
  if (paused.length === 0) return 'none'
  return paused.some(({ playbook }) => playbook === null) ? 'all' : 'itself'
}

/** Why a playbook ran for an account or did not, and whether it would now. Reads alone, in one snapshot. */
export class ExplainPlaybooks {
  constructor(private readonly parts: ExplainParts) {}

  why(name: string, accountId: string, language: Language, now: Date): Promise<WhyAnswer> {
    return this.parts.database.transaction('REPEATABLE READ', async (tx) => {
      const { playbooks, history } = this.parts
      const found = await playbooks.find(tx, name)
      if (found === undefined) throw notFound('PLAYBOOK_NOT_FOUND', `there is no such playbook: ${name}`)
      if (!(await history.isKnown(tx, accountId)))
        throw notFound('ACCOUNT_NOT_FOUND', 'nothing is known of such an account')
      const playbook = playbookOf(found.name, found.version, found.document)
      return this.#answer(tx, { playbook, accountId, now }, language)
    })
  }

  async #answer(tx: EntityManager, asked: Asked, language: Language): Promise<WhyAnswer> {
    const { controls: stored, history, local } = this.parts
    const { playbook, accountId, now } = asked
    const controls = await stored.shown(tx, [ALL_PLAYBOOKS, playbook.name])
    const present = await this.#present(tx, asked, controls)
    const { facts, mode } = present
    const clock = clockOf(local.zone)
    const why = whyNow(present)
    const told = tellNow(why, playbook.document.trigger, language, clock)
    const last = await history.last(tx, playbook.name, accountId, RUNS_SHOWN)
    const runs = last.map((run) => ({ ...run, text: tellRun(run, language, clock) }))
    return {
      playbook: { name: playbook.name, version: playbook.version },
      account: { id: accountId, externalId: facts.account.externalId, name: facts.account.name },
      asOf: now.toISOString(),
      now: { ...why, mode, text: told },
      controls,
      runs,
      text: [...told, ...(runs.length === 0 ? [tellNever(language)] : runs.map(({ text }) => text))],
    }
  }

  async #present(tx: EntityManager, asked: Asked, controls: readonly ControlShown[]): Promise<Present> {
    const { facts: factsOf, controls: stored, local } = this.parts
    const { playbook, accountId, now } = asked
    const facts = (await factsOf.read(tx, [accountId], now)).get(accountId)
    if (facts === undefined) throw notFound('ACCOUNT_NOT_FOUND', 'nothing is known of such an account')
    const own = controls.find((control) => control.playbook === playbook.name)
    const mode = own?.mode ?? playbook.document.mode
    const { dedupeKey } = imagined(playbook.document, facts, now, local)
    const state = await this.#stateOf(tx, asked, dedupeKey, mode)
    const used = await stored.usesOf(tx, playbook.name, local.dayOf(now))
    return { playbook, facts, now, local, pausedBy: pausedBy(controls), mode, state, used }
  }

  async #stateOf(tx: EntityManager, asked: Asked, dedupeKey: string, mode: Present['mode']): Promise<KeyState> {
    const { playbook, now } = asked
    const coolDown = coolDownMsOf(playbook.document)
    const [after, before] = [new Date(now.getTime() - coolDown), new Date(now.getTime() + coolDown)]
    const window = { key: dedupeKey, playbook: playbook.name, dedupeKey, after, before }
    const states = await this.parts.runs.keyStates(tx, [window], mode === 'observe' ? [playbook.name] : [])
    return states.get(dedupeKey) ?? { underWay: null, starts: [] }
  }
}
