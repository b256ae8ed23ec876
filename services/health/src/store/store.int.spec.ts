// One file: loading takes longer than most tests.
import { describeSchema } from './schema.suite.ts'
import { describeColumns } from './columns.suite.ts'

describeSchema()
describeColumns()
