import type { EntityManager } from 'typeorm'
import { type Playbook, playbookOf } from '../domain/playbook.ts'
import { PlaybookOutdatedError } from '../domain/program.ts'
import type { Playbooks } from '../store/playbooks.ts'

/** Versions kept in memory: they never change. */
const MOST_KEPT = 1_000

/** The versions that runs stay on, each read once. */
export class PlaybookVersions {
  readonly #kept = new Map<string, Playbook | null>()

  constructor(private readonly store: Playbooks) {}

  /** Null when there is no such version, or it is not valid in this release any more. */
  async get(tx: EntityManager, name: string, version: number): Promise<Playbook | null> {
    const key = `${name}/${version}`
    const kept = this.#kept.get(key)
    if (kept !== undefined) return kept
    const read = await this.#read(tx, name, version)
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear()
    this.#kept.set(key, read)
    return read
  }

  async #read(tx: EntityManager, name: string, version: number): Promise<Playbook | null> {
    try {
      const found = await this.store.version(tx, name, version)
      return found === undefined ? null : playbookOf(name, version, found.document)
    } catch (fault) {
      if (fault instanceof PlaybookOutdatedError) return null
      throw fault
    }
  }
}
