import type { Transactions, Work } from '@banso/messaging'
import { ProblemError } from '@banso/platform'
import type { ControlCommand } from '../domain/control.ts'
import type { PlaybooksAtHand } from '../domain/playbooks-at-hand.ts'
import { ALL_PLAYBOOKS, type ControlShown, type PlaybookControls } from '../store/controls.ts'
import { resumeTimer } from './resume-runs.timer.ts'

export interface Said {
  readonly by?: string
  readonly reason?: string
}

export interface ControlsAnswer {
  /** What was last said to all. */
  readonly all: ControlShown | null
  readonly items: readonly ControlShown[]
}

/** Says to a playbook, or to all, that they pause, go on, act or only observe. */
export class ControlPlaybooks {
  constructor(
    private readonly transactions: Transactions,
    private readonly controls: PlaybookControls,
    private readonly playbooks: PlaybooksAtHand,
  ) {}

  one(name: string, command: ControlCommand, said: Said): Promise<ControlShown> {
    return this.transactions.run([], async (work) => {
      if (!(await this.playbooks.exists(work.tx, name)))
        throw new ProblemError({
          code: 'PLAYBOOK_NOT_FOUND',
          status: 404,
          detail: `there is no such playbook: ${name}`,
        })
      return this.#give(work, name, command, said)
    })
  }

  all(command: 'pause' | 'resume', said: Said): Promise<ControlShown> {
    return this.transactions.run([], (work) => this.#give(work, ALL_PLAYBOOKS, command, said))
  }

  async shown(): Promise<ControlsAnswer> {
    const shown = await this.transactions.run([], ({ tx }) => this.controls.shown(tx))
    return {
      all: shown.find(({ playbook }) => playbook === null) ?? null,
      items: shown.filter(({ playbook }) => playbook !== null),
    }
  }

  async #give(work: Work, playbook: string, command: ControlCommand, { by, reason }: Said): Promise<ControlShown> {
    const lastCommand = { command, by: by ?? null, reason: reason ?? null, at: work.now }
    const { id, control } = await this.controls.give(work.tx, playbook, lastCommand)
    if (command === 'resume') work.schedule(resumeTimer(id, playbook, work.now))
    return { playbook: playbook === ALL_PLAYBOOKS ? null : playbook, ...control, lastCommand }
  }
}
