export type { Timer, TimerHandler, TimerResult } from './timer-handler.ts'
export { timerMigrations } from './timer-migration.ts'
export { timerEntities } from './timer-row.ts'
export { Timers, type TimersOptions } from './timers.ts'
