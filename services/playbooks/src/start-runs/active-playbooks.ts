import type { Logger } from '@banso/platform'
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common'
import type { Playbook } from '../domain/playbook.ts'
import type { Playbooks } from '../store/playbooks.ts'

/** How long a playbook put in another process may stay unknown here. */
const POLL_MS = 2_000

/** The latest versions of the playbooks that are switched on, kept in memory. */
export class ActivePlaybooks implements OnModuleInit, OnModuleDestroy {
  #playbooks: readonly Playbook[] = []
  #begun = 0
  #shown = 0
  #poll: NodeJS.Timeout | undefined

  constructor(
    private readonly store: Playbooks,
    private readonly logger: Logger,
  ) {}

  get current(): readonly Playbook[] {
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
    const latest = await this.store.latest()
    if (begun < this.#shown) return // one that began later, and so saw more, was quicker
    this.#shown = begun
    this.#playbooks = latest.filter(({ document }) => document.enabled)
  }
}
