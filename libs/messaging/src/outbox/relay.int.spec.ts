// Who sends what the outbox holds, and how others know that it is gone. One file: loading takes longer than most tests.
import { describePresence } from '../presence/presence.suite.ts'
import { describeOutboxRelay } from './outbox-relay.suite.ts'
import { describeRelayLease } from './relay-lease.suite.ts'
import { describeRelayFaults } from './relay-faults.suite.ts'
import { describeRelayRestore } from './relay-restore.suite.ts'
import { describeLogTail } from './log-tail.suite.ts'

describePresence()
describeOutboxRelay()
describeRelayLease()
describeRelayFaults()
describeRelayRestore()
describeLogTail()
