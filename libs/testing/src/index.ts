export { createDatabase, createMigratedDatabase, type TestDatabase } from './database.ts'
export { eventually, type EventuallyOptions } from './eventually.ts'
export { ManualClock } from './manual-clock.ts'
