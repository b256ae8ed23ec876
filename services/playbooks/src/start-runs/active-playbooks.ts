import type { Transactions } from '@banso/messaging'
import type { Logger } from '@banso/platform'
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common'
import { type Playbook, playbookOf } from '../domain/playbook.ts'
import { PlaybookOutdatedError } from '../domain/program.ts'
import type { SchedulePlaybooks } from '../schedule-playbooks/schedule-playbooks.ts'
import type { LatestPlaybook, PlaybookRef, Playbooks } from '../store/playbooks.ts'

/** How long a playbook put in another process may stay unknown here. */
const POLL_MS = 2_000

export interface ActivePlaybook extends Playbook, Pick<LatestPlaybook, 'activeSince' | 'enrolledAt'> {}

/** The latest versions of the playbooks that are switched on, kept in memory. */
export class ActivePlaybooks implements OnModuleInit, OnModuleDestroy {
  #playbooks: readonly ActivePlaybook[] = []
  #begun = 0
  #shown = 0
  #poll: NodeJS.Timeout | undefined
  /** The versions that schedules were last set by; those of the start are set at the start. */
  #scheduled: string | undefined
  /** Versions that were logged as not valid: each is logged once. */
  readonly #outdated = new Set<string>()

  constructor(
    private readonly store: Playbooks,
    private readonly transactions: Transactions,
    private readonly schedule: SchedulePlaybooks,
    private readonly logger: Logger,
  ) {}

  get current(): readonly ActivePlaybook[] {
    return this.#playbooks
  }

  async onModuleInit(): Promise<void> {
    await this.#refresh()
    this.#poll = setInterval(() => void this.refreshNowOrSoon(), POLL_MS)
  }

  onModuleDestroy(): void {
    clearInterval(this.#poll)
  }

  /** Never rejects: what cannot be read now is read by the next poll. */
  async refreshNowOrSoon(): Promise<void> {
    try {
      await this.#refresh()
    } catch (fault) {
      this.logger.warn({ err: fault }, 'playbooks could not be read; the ones known stay in force')
    }
  }

  async #refresh(): Promise<void> {
    const begun = (this.#begun += 1)
    const { valid: latest, outdated } = await this.store.latest()
    if (begun < this.#shown) return // one that began later, and so saw more, was quicker
    this.#shown = begun
    for (const one of outdated) this.#tellOutdated(one)
    const before = new Map(this.#playbooks.map((playbook) => [playbook.name, playbook]))
    this.#playbooks = latest
      .filter(({ document }) => document.enabled)
      .flatMap((playbook) => this.#ready(playbook, before.get(playbook.name)))
    await this.#keepSchedules(latest)
  }

  async #keepSchedules(latest: readonly LatestPlaybook[]): Promise<void> {
    const versions = latest.map(({ name, version }) => `${name}/${version}`).join(' ')
    if (this.#scheduled !== undefined && this.#scheduled !== versions)
      await this.transactions.run([], async (work) => this.schedule.keep(work, await this.store.all(work.tx)))
    this.#scheduled = versions
  }

  #ready(latest: LatestPlaybook, before: ActivePlaybook | undefined): ActivePlaybook[] {
    const { name, version, document, activeSince, enrolledAt } = latest
    if (before?.version === version) return [{ ...before, activeSince, enrolledAt }]
    try {
      return [{ ...playbookOf(name, version, document), activeSince, enrolledAt }]
    } catch (fault) {
      if (!(fault instanceof PlaybookOutdatedError)) throw fault
      this.#tellOutdated(latest)
      return []
    }
  }

  #tellOutdated({ name, version }: PlaybookRef): void {
    const key = `${name}/${version}`
    if (this.#outdated.has(key)) return
    this.#outdated.add(key)
    this.logger.error({ playbook: name, version }, 'a playbook is not valid in this release: apply it anew')
  }
}
