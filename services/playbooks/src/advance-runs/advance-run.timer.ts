import type { Timer, TimerHandler, TimerResult, Timers, Work } from '@banso/messaging'
import type { OnModuleInit } from '@nestjs/common'
import type { AdvanceRuns } from './advance-runs.ts'
import { ADVANCE_RUN, advancePayload } from './run-timers.ts'

/** Runs moved by timers at once in this process: each takes a connection. */
const AT_ONCE = 4

/** Moves a run when the time that it waits for has come, or when a pause has ended. */
export class AdvanceRunTimer implements TimerHandler, OnModuleInit {
  readonly kind = ADVANCE_RUN
  readonly concurrency = AT_ONCE

  constructor(
    private readonly timers: Pick<Timers, 'register'>,
    private readonly advance: AdvanceRuns,
  ) {}

  onModuleInit(): void {
    this.timers.register(this)
  }

  async settle({ payload }: Timer, _effect: void, work: Work): Promise<TimerResult> {
    const { runId, step } = advancePayload(payload)
    await this.advance.input(work, runId, step === null ? { kind: 'look' } : { kind: 'due', step })
    return 'fired'
  }
}
