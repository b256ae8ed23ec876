import type { EntityManager } from 'typeorm'
import { type Playbook, playbookOf } from '../domain/playbook.ts'
import type { Playbooks } from '../store/playbooks.ts'

/** Versions kept in memory: they never change. */
const MOST_KEPT = 1_000

/** The versions that runs stay on, each read once. */
export class PlaybookVersions {
  readonly #kept = new Map<string, Playbook>()

  constructor(private readonly store: Playbooks) {}

  /** Throws when there is no such version, or it is not valid in this release. */
  async get(tx: EntityManager, name: string, version: number): Promise<Playbook> {
    const key = `${name}/${version}`
    const kept = this.#kept.get(key)
    if (kept !== undefined) return kept
    const found = await this.store.version(tx, name, version)
    if (found === undefined) throw new Error(`there is no version ${version} of the playbook ${name}`)
    const playbook = playbookOf(name, version, found.document)
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear()
    this.#kept.set(key, playbook)
    return playbook
  }
}
