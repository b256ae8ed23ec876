// Mistakes with a Kafka of one's own, made together in one start: a topic that was there before with other partitions, and
// another one that we may not make.
import { describeKafka } from '@banso/testing/kafka/describe-kafka.ts'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import kafkajs, { type AclEntry, type Admin } from 'kafkajs'
import { join } from 'node:path'
import { NpmStart } from '../drive/npm-start.ts'
import { temporaryHome } from '../drive/temporary-home.ts'
import { until } from '../drive/wait.ts'
import { installKafka, type RunningBroker, startBroker } from '../local/kafka.ts'
import { expectSaid } from './page.ts'

const PORT_BASE = 30_400
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, logLevel, ResourcePatternTypes } = kafkajs

const acl = (rule: Pick<AclEntry, 'resourceType' | 'resourceName' | 'operation' | 'permissionType'>): AclEntry => ({
  ...rule,
  resourcePatternType: ResourcePatternTypes.LITERAL,
  principal: 'User:ANONYMOUS',
  host: '*',
})
const cluster = { resourceType: AclResourceTypes.CLUSTER, resourceName: 'kafka-cluster' }
const topic = (name: string) => ({ resourceType: AclResourceTypes.TOPIC, resourceName: name })
const allowed = { operation: AclOperationTypes.ALL, permissionType: AclPermissionTypes.ALLOW }
const notToMake = { operation: AclOperationTypes.CREATE, permissionType: AclPermissionTypes.DENY }
// Who may make topics of the cluster may make any: so not that, but each topic, except one.
const RULES = [
  acl({ ...cluster, ...allowed }),
  acl({ ...cluster, ...notToMake }),
  acl({ ...topic('*'), ...allowed }),
  acl({ ...topic('playbooks.runs.v1'), ...notToMake }),
]

const prepare = async (admin: Admin): Promise<void> => {
  await admin.connect()
  await admin.createTopics({
    waitForLeaders: true,
    topics: [{ topic: 'health.scores.v1', numPartitions: 3, replicationFactor: 1 }],
  })
  await admin.createAcls({ acl: RULES })
  await admin.disconnect()
}

describeKafka('a mistake with Kafka', () => {
  const home = temporaryHome('kafka-mistakes')
  let broker: RunningBroker | undefined
  let system: NpmStart | undefined
  const words = (): string => system?.output ?? ''

  beforeAll(async () => {
    broker = await startBroker({
      jars: await installKafka(join(import.meta.dirname, '../../node_modules/.cache/banso-kafka')),
      directory: join(home.path, 'kafka'),
      port: PORT_BASE + 92,
      controllerPort: PORT_BASE + 93,
      log: join(home.path, 'kafka.log'),
      properties: {
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'allow.everyone.if.no.acl.found': 'true',
      },
    })
    await prepare(new Kafka({ brokers: [broker.brokers], logLevel: logLevel.NOTHING }).admin())
    system = new NpmStart({
      BANSO_HOME: home.path,
      BANSO_PORT_BASE: String(PORT_BASE),
      KAFKA_BROKERS: broker.brokers,
    })
  }, 120_000)
  afterAll(async () => {
    await system?.stop()
    await broker?.stop()
    home.remove()
  }, 60_000)

  it('is told within a moment, by the service that it stops', async () => {
    await until('both faults', 60_000, async () => {
      const told = /declared is/.test(words()) && /refuses us/.test(words())
      if (!told) throw new Error(words())
      return true
    })
    expectSaid(words(), '… cannot start: Kafka refuses us what we need: …')
    expectSaid(words(), '… cannot start: topic … declared is …')
    expect(words()).toContain('TOPIC_AUTHORIZATION_FAILED of playbooks.runs.v1')
  }, 90_000)
})
