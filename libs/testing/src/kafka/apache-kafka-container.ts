// `apache/kafka` in a container. The node may start only when its published port is known, because it has to advertise
// it: so the container waits for a script that is copied in then.
import { setTimeout as sleep } from 'node:timers/promises'
import { GenericContainer, type InspectResult, type StartedTestContainer, Wait } from 'testcontainers'

const SCRIPT = '/tmp/start.sh'
const PORT = 9092
const READY_MS = 120_000

export class ApacheKafkaContainer extends GenericContainer {
  constructor(image = 'apache/kafka:4.1.1') {
    super(image)
    this.withExposedPorts(PORT)
      .withEnvironment({
        KAFKA_NODE_ID: '1',
        KAFKA_PROCESS_ROLES: 'broker,controller',
        KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9094',
        KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
        KAFKA_LISTENERS: 'PLAINTEXT://:9092,BROKER://:9093,CONTROLLER://:9094',
        KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT',
        KAFKA_INTER_BROKER_LISTENER_NAME: 'BROKER',
        KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
        KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
        KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '1', // 50 by default: seconds at the first commit
        KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
        KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
        KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS: '1',
        KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      })
      .withEntrypoint(['sh', '-c', `echo waiting; while [ ! -x ${SCRIPT} ]; do sleep 0.1; done; exec ${SCRIPT}`])
      .withWaitStrategy(Wait.forLogMessage('waiting'))
  }

  protected override async containerStarted(container: StartedTestContainer, inspected: InspectResult): Promise<void> {
    const outside = `PLAINTEXT://${container.getHost()}:${container.getMappedPort(PORT)}`
    const advertised = `${outside},BROKER://${inspected.hostname}:9093`
    const content = `#!/bin/sh\nexport KAFKA_ADVERTISED_LISTENERS=${advertised}\nexec /etc/kafka/docker/run\n`
    await container.copyContentToContainer([{ content, target: SCRIPT, mode: 0o755 }])
    await serverStarted(container)
  }
}

const serverStarted = async (container: StartedTestContainer): Promise<void> => {
  const logs = await container.logs()
  const lines: string[] = []
  logs.on('data', (chunk) => lines.push(String(chunk)))
  const deadline = Date.now() + READY_MS
  try {
    while (!lines.some((line) => line.includes('Kafka Server started'))) {
      if (Date.now() > deadline) throw new Error(`Kafka did not start:\n${lines.slice(-50).join('')}`)
      await sleep(100)
    }
  } finally {
    logs.destroy()
  }
}

/** `host:port` of a started container. */
export const brokerOf = (container: StartedTestContainer): string =>
  `${container.getHost()}:${container.getMappedPort(PORT)}`
