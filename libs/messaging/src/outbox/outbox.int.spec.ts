// What a transaction writes for later. One file: loading takes longer than most tests.
import { describeOutboxMigration } from './outbox-migration.suite.ts'
import { describeOutboxStore } from './outbox-store.suite.ts'
import { describeOutboxWrites } from './outbox-writes.suite.ts'
import { describeBufferedWork } from './buffered-work.suite.ts'
import { describeDatabaseTransactions } from './database-transactions.suite.ts'

describeOutboxMigration()
describeOutboxStore()
describeOutboxWrites()
describeBufferedWork()
describeDatabaseTransactions()
