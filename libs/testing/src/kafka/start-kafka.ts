import { once } from 'node:events'
import { connect } from 'node:net'
import { checkJava } from '../../../../deploy/local/kafka.ts'
import { ApacheKafkaContainer, brokerOf } from './apache-kafka-container.ts'
import { fetchKafka, startLocalKafka } from './local-kafka.ts'

export interface StartedKafka {
  /** Of each cluster: comma-separated `host:port`. */
  readonly brokers: readonly string[]
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

const many = async <T>(count: number, start: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, start))

const inContainers = async (count: number): Promise<StartedKafka> => {
  const containers = await many(count, () => new ApacheKafkaContainer().start())
  return {
    brokers: containers.map((container) => brokerOf(container)),
    stop: async () => void (await Promise.all(containers.map((container) => container.stop()))),
  }
}

const onThisJava = async (count: number): Promise<StartedKafka> => {
  await fetchKafka()
  const clusters = await many(count, () => startLocalKafka({ brokers: 1 }))
  return {
    brokers: clusters.map(({ brokers }) => brokers),
    stop: async () => void (await Promise.all(clusters.map((cluster) => cluster.stop()))),
  }
}

const javaIsThere = (): Promise<boolean> =>
  checkJava().then(
    () => true,
    () => false,
  )

/**
 * The Kafka of a test run: that of `TEST_KAFKA_BROKERS`, else `count` of one broker each, in containers or from Maven's
 * artifacts on the local Java. Undefined where there is none of them.
 */
export const startKafka = async (count: number): Promise<StartedKafka | undefined> => {
  const given = process.env['TEST_KAFKA_BROKERS']
  if (given) return { brokers: given.split(';'), stop: async () => undefined }
  const java = await javaIsThere()
  if (await dockerAnswers()) {
    try {
      return await inContainers(count)
    } catch (fault) {
      if (!java) throw fault // an engine without the image, or one that cannot fetch it
    }
  }
  return java ? onThisJava(count) : undefined
}
