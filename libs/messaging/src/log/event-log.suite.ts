import { describeAppending } from './suite/appending.suite.ts'
import { describeConsuming } from './suite/consuming.suite.ts'
import { describeFlow } from './suite/flow.suite.ts'
import { describeGroups } from './suite/groups.suite.ts'
import type { LogHarness } from './suite/harness.ts'
import { describeTopics } from './suite/topics.suite.ts'

/** What every log must do, whichever adapter it is. */
export const describeEventLog = (harness: LogHarness): void => {
  describeTopics(harness)
  describeAppending(harness)
  describeConsuming(harness)
  describeFlow(harness)
  describeGroups(harness)
}
