// One file: loading takes longer than most tests.
import { describeDatabase } from './database.suite.ts'
import { describeInspectDatabase } from './inspect-database.suite.ts'

describeDatabase()
describeInspectDatabase()
