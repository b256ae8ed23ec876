// One file: loading takes longer than most tests.
import { describeTimerWrites } from './timer-writes.suite.ts'
import { describeTimerClaims } from './timer-claims.suite.ts'
import { describeTimerFaults } from './timer-faults.suite.ts'
import { describeTimers } from './timers.suite.ts'

describeTimerWrites()
describeTimerClaims()
describeTimerFaults()
describeTimers()
