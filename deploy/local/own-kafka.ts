// A Kafka that somebody else runs.
import { waitForBroker } from './kafka.ts'

/** Resolves when one of the brokers, `host:port` with commas between, serves. */
export const waitForAnyBroker = async (brokers: string, timeoutMs: number): Promise<void> => {
  const addresses = brokers.split(',').map((address) => address.trim())
  try {
    await Promise.any(addresses.map((address) => waitForBroker(address, timeoutMs)))
  } catch (fault) {
    throw new Error(
      `Kafka does not answer at ${addresses.join(', ')} within ${timeoutMs / 1000} s. Is it running, is KAFKA_BROKERS ` +
        'right, and can this machine reach the addresses that its brokers advertise?',
      { cause: fault },
    )
  }
}
