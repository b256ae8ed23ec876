// What is kept of accounts, controls and runs. One file: loading takes longer than most tests.
import { describeAccountFacts } from './account-facts.suite.ts'
import { describeAccountOwners } from './account-owners.suite.ts'
import { describeControls } from './controls.suite.ts'
import { describeRuns } from './runs.suite.ts'

describeAccountFacts()
describeAccountOwners()
describeControls()
describeRuns()
