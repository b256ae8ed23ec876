// Ingestion as it is run, and as its neighbours see it. One file: loading takes longer than most tests.
import { describeOperating } from './operating.suite.ts'
import { describeRoles } from './roles.suite.ts'
import { describeTracing } from './tracing.suite.ts'
import { describeSegmentSdk } from './segment-sdk.suite.ts'

describeOperating()
describeRoles()
describeTracing()
describeSegmentSdk()
