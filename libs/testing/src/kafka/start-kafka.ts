import { once } from 'node:events'
import { connect } from 'node:net'
import { checkJava } from '../../../../deploy/local/kafka.ts'
import { ApacheKafkaContainer, brokerOf } from './apache-kafka-container.ts'
import { startLocalKafka } from './local-kafka.ts'

export interface StartedKafka {
  /** Comma-separated `host:port`. */
  readonly brokers: string
  stop(): Promise<void>
}

const DOCKER_SOCKET = '/var/run/docker.sock'

/** A container engine answers. */
const dockerAnswers = async (): Promise<boolean> => {
  if (process.env['DOCKER_HOST']) return true
  const socket = connect(DOCKER_SOCKET)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

const inContainer = async (): Promise<StartedKafka> => {
  const container = await new ApacheKafkaContainer().start()
  return { brokers: brokerOf(container), stop: async () => void (await container.stop()) }
}

const javaIsThere = (): Promise<boolean> =>
  checkJava().then(
    () => true,
    () => false,
  )

/**
 * The Kafka of a test run: that of `TEST_KAFKA_BROKERS`, else one in a container, else one from Maven's artifacts on
 * the local Java. Undefined where there is none of them.
 */
export const startKafka = async (): Promise<StartedKafka | undefined> => {
  const given = process.env['TEST_KAFKA_BROKERS']
  if (given) return { brokers: given, stop: async () => undefined }
  const java = await javaIsThere()
  if (await dockerAnswers()) {
    try {
      return await inContainer()
    } catch (fault) {
      if (!java) throw fault // an engine without the image, or one that cannot fetch it
    }
  }
  return java ? startLocalKafka({ brokers: 1 }) : undefined
}
