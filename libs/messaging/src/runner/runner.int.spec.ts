// How chunks are handled, and what is parked of them. One file: loading takes longer than most tests.
import { describeRunChunks } from './chunk/run-chunks.suite.ts'
import { describeRunChunksTogether } from './chunk/run-chunks-together.suite.ts'
import { describeReleaseKey } from './parking/release-key.suite.ts'
import { describeDeadLetters } from './parking/dead-letters.suite.ts'
import { describeExactlyOnce } from './exactly-once.suite.ts'

describeRunChunks()
describeRunChunksTogether()
describeReleaseKey()
describeDeadLetters()
describeExactlyOnce()
