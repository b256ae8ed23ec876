// One file: loading takes longer than most tests.
import { describeOperations } from './operations.suite.ts'
import { describeCheckup } from './checkup.suite.ts'

describeOperations()
describeCheckup()
