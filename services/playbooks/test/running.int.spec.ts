// Playbooks as they run. One file: loading takes longer than most tests.
import { describeTriggers } from './triggers.suite.ts'
import { describeRuns } from './runs.suite.ts'
import { describeSteps } from './steps.suite.ts'

describeTriggers()
describeRuns()
describeSteps()
