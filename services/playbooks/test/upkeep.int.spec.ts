// Playbooks as people keep them. One file: loading takes longer than most tests.
import { describePlaybooks } from './playbooks.suite.ts'
import { describeControls } from './controls.suite.ts'
import { describeGolden } from './golden.suite.ts'
import { describeOutdated } from './outdated.suite.ts'

describePlaybooks()
describeControls()
describeGolden()
describeOutdated()
