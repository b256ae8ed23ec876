// Jest's globalSetup of the `name:e2e` projects: they start a Kafka of their own where this machine can.
import { checkJava } from '../../../deploy/local/kafka.ts'

export default async (): Promise<void> => {
  try {
    await checkJava()
    process.env['TEST_KAFKA_STARTABLE'] = 'true'
  } catch {
    delete process.env['TEST_KAFKA_STARTABLE']
  }
}
