// A Kafka that somebody else runs.
import type { KafkaSecurity } from '../../libs/messaging/src/log/kafka/kafka-settings.ts'
import { BrokerRefusesError, waitForBroker } from './await-broker.ts'

/** Resolves when one of the brokers, `host:port` with commas between, serves. */
export const waitForAnyBroker = async (brokers: string, timeoutMs: number, security?: KafkaSecurity): Promise<void> => {
  const addresses = brokers.split(',').map((address) => address.trim())
  try {
    await Promise.any(addresses.map((address) => waitForBroker(address, timeoutMs, security)))
  } catch (fault) {
    const faults: readonly unknown[] = fault instanceof AggregateError ? fault.errors : []
    const refusal = faults.find((one) => one instanceof BrokerRefusesError)
    if (refusal) throw refusal
    throw new Error(
      `Kafka does not answer at ${addresses.join(', ')} within ${timeoutMs / 1000} s. Is it running, is KAFKA_BROKERS ` +
        'right, does it want a user (KAFKA_SASL_MECHANISM), and can this machine reach the addresses that its brokers ' +
        'advertise?',
      { cause: fault },
    )
  }
}
