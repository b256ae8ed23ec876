import { describe } from '@jest/globals'
import { kafkaAvailable } from './test-brokers.ts'

const { skip } = describe

/**
 * `describe` for what needs a real broker, one of this run or (end to end) one that it starts itself: skipped, by name and
 * count, where none can be had; where `CI` is `true` it runs, and fails.
 */
export const describeKafka: typeof skip =
  kafkaAvailable() || process.env['TEST_KAFKA_STARTABLE'] === 'true' || process.env['CI'] === 'true' ? describe : skip
