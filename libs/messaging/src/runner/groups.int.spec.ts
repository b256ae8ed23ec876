// Where a group stands, and what it may not do in a rebuild. One file: loading takes longer than most tests.
import { describeGroupPositions } from './consuming/group-positions.suite.ts'
import { describeMustNotRebuild } from './rebuild/must-not-rebuild.suite.ts'
import { describeCompactedEcho } from './compacted/compacted-echo.suite.ts'

describeGroupPositions()
describeMustNotRebuild()
describeCompactedEcho()
