// Who sends what the outbox holds. One file: loading takes longer than most tests.
import { describeOutboxRelay } from './outbox-relay.suite.ts'
import { describeRelayLease } from './relay-lease.suite.ts'
import { describeRelayFaults } from './relay-faults.suite.ts'
import { describeRelayRestore } from './relay-restore.suite.ts'
import { describeLogTail } from './log-tail.suite.ts'

describeOutboxRelay()
describeRelayLease()
describeRelayFaults()
describeRelayRestore()
describeLogTail()
