import { describe } from '@jest/globals'
import { kafkaAvailable } from './test-brokers.ts'

const { skip } = describe

/**
 * `describe` for what needs a real broker: skipped, by name and count, where none can be had; where `CI` is `true` it
 * runs, and fails.
 */
export const describeKafka: typeof skip = kafkaAvailable() || process.env['CI'] === 'true' ? describe : skip
