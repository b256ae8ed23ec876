import type { NewTimer, Timer, TimerHandler, TimerResult, Timers, Work } from '@banso/messaging'
import type { OnModuleInit } from '@nestjs/common'
import { scoreDay, type ScoreDayParts } from '../score-accounts/score-day.ts'
import { endOverride } from '../store/overrides.ts'

const KIND = 'expire-override'

export const expiryId = (accountId: string): string => `override/${accountId}`

export const expiryOf = (accountId: string, until: Date): NewTimer => ({
  id: expiryId(accountId),
  key: accountId,
  kind: KIND,
  dueAt: until,
  payload: null,
})

/** Ends an override when its time has come, and scores the account without it. */
export class ExpireOverride implements TimerHandler, OnModuleInit {
  readonly kind = KIND

  constructor(
    private readonly timers: Pick<Timers, 'register'>,
    private readonly parts: ScoreDayParts,
  ) {}

  onModuleInit(): void {
    this.timers.register(this)
  }

  async settle({ key }: Timer, _result: void, work: Work): Promise<TimerResult> {
    await endOverride(work.tx, key, 'expired', work.now)
    await scoreDay(work, [key], this.parts.calendar.dayOf(work.now), this.parts)
    return 'fired'
  }
}
