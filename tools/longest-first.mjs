// Jest's `testSequencer`. Not in TypeScript: the types of its base are those of a CommonJS module that it is not.
import Sequencer from '@jest/test-sequencer'

// Short files whose tests, or those of their suites, take long: begun last, they would run alone at the end.
const LONG =
  /\/(chaos\.e2e|(moved-leader|broker-away|kafka-event-log)\.kafka|(embedded-event-log|outbox|relay|runner|running|store|timers|upkeep)\.int)\.spec\.ts$/
const rank = ({ path }) => (LONG.test(path) ? 0 : 1)

/** As Jest orders test files (by what they took the last time, else by size), those first that are known to take long. */
export default class LongestFirst extends Sequencer {
  async sort(tests) {
    // oxlint-disable-next-line unicorn/no-array-sort -- that of Jest, not of an array
    const bySize = await Promise.resolve(super.sort(tests))
    return bySize.toSorted((a, b) => rank(a) - rank(b))
  }
}
