import type { NewTimer, Timer, TimerHandler, TimerResult, Timers, Work } from '@banso/messaging'
import type { OnModuleInit } from '@nestjs/common'
import type { WaitingRuns } from '../domain/ports.ts'
import { ALL_PLAYBOOKS } from '../store/controls.ts'
import { letActionsGo } from '../store/held-actions.ts'

const KIND = 'resume-runs'

/**
 * Set with the command that ends a pause: what was held by decisions of before is committed by then, and what decides
 * after it is held no more.
 */
export const resumeTimer = (command: string, playbook: string, now: Date): NewTimer => ({
  id: `resume/${command}`,
  key: '',
  kind: KIND,
  dueAt: now,
  payload: { playbook },
})

const playbookIn = (payload: unknown): string | null => {
  const named = typeof payload === 'object' && payload !== null && 'playbook' in payload ? payload.playbook : undefined
  return typeof named === 'string' && named !== ALL_PLAYBOOKS ? named : null
}

/** Lets runs and actions go on that a pause held. */
export class ResumeRuns implements TimerHandler, OnModuleInit {
  readonly kind = KIND

  constructor(
    private readonly timers: Pick<Timers, 'register'>,
    private readonly waiting: WaitingRuns,
  ) {}

  onModuleInit(): void {
    this.timers.register(this)
  }

  async settle({ payload }: Timer, _effect: void, work: Work): Promise<TimerResult> {
    const playbook = playbookIn(payload)
    await this.waiting.resumed(work, playbook)
    await letActionsGo(work.tx, playbook, work.now)
    return 'fired'
  }
}
