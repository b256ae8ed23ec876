// Jest's `testSequencer`. Not in TypeScript: the types of its base are those of a CommonJS module that it is not.
import Sequencer from '@jest/test-sequencer'

// Short files whose tests, or those of their suites, take long: begun last, they would run alone at the end. Those that
// wait most of their time come two at a time, so that a third worker has use for the processor meanwhile.
const LONG = [
  /\/(chaos\.e2e|(moved-leader|kafka-event-log)\.kafka)\.spec\.ts$/,
  /\/(outbox|relay|runner|running|store|timers|upkeep)\.int\.spec\.ts$/,
  /\/(embedded-event-log\.int|broker-away\.kafka)\.spec\.ts$/,
]
const rank = ({ path }) => {
  const place = LONG.findIndex((files) => files.test(path))
  return place === -1 ? LONG.length : place
}

/** As Jest orders test files (by what they took the last time, else by size), those first that are known to take long. */
export default class LongestFirst extends Sequencer {
  async sort(tests) {
    // oxlint-disable-next-line unicorn/no-array-sort -- that of Jest, not of an array
    const bySize = await Promise.resolve(super.sort(tests))
    return bySize.toSorted((a, b) => rank(a) - rank(b))
  }
}
