// A Kafka of one's own, by TLS and as a user, and mistakes with it. Two are made together in one start: a topic that was
// there before with other partitions, and another one that we may not make.
import { KafkaEventLog } from '@banso/messaging/kafka'
import { eventually } from '@banso/testing'
import { TestAuthority } from '@banso/testing/kafka/certificates.ts'
import { RENEWED_AFTER_MS, securedListeners } from '@banso/testing/kafka/secured-listeners.ts'
import { describeKafka } from '@banso/testing/kafka/describe-kafka.ts'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import kafkajs, { type AclEntry, type Admin } from 'kafkajs'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KafkaSecurity } from '../../libs/messaging/src/log/kafka/kafka-settings.ts'
import { declare, Ledger, recordFor } from '../../libs/messaging/src/log/suite/harness.ts'
import { NpmStart } from '../drive/npm-start.ts'
import { temporaryHome } from '../drive/temporary-home.ts'
import { until } from '../drive/wait.ts'
import { installKafka, type RunningBroker, startBroker } from '../local/kafka.ts'
import { waitForAnyBroker } from '../local/own-kafka.ts'
import { expectSaid } from './page.ts'

const PORT_BASE = 30_400
const PORTS = { plain: PORT_BASE + 92, controller: PORT_BASE + 93, users: PORT_BASE + 94, certificates: PORT_BASE + 95 }
const at = (port: number) => `127.0.0.1:${port}`
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, logLevel, ResourcePatternTypes } = kafkajs

const acl = (rule: Pick<AclEntry, 'resourceType' | 'resourceName' | 'operation' | 'permissionType'>): AclEntry => ({
  ...rule,
  resourcePatternType: ResourcePatternTypes.LITERAL,
  principal: 'User:banso',
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

const said = async (security: KafkaSecurity, port = PORTS.users): Promise<string> => {
  const fault: unknown = await waitForAnyBroker(at(port), 20_000, security).catch((thrown: unknown) => thrown)
  return fault instanceof Error ? fault.message : 'nothing'
}

describeKafka('a Kafka of one’s own', () => {
  const home = temporaryHome('kafka-mistakes')
  const { authority, user, scramUsers, properties } = securedListeners(PORTS, home.path)
  const ca = authority.certificate
  const secured = { tls: { ca }, sasl: { mechanism: 'plain', ...user } } as const
  let broker: RunningBroker | undefined
  let system: NpmStart | undefined
  const words = (): string => system?.output ?? ''

  beforeAll(async () => {
    broker = await startBroker({
      jars: await installKafka(join(import.meta.dirname, '../../node_modules/.cache/banso-kafka')),
      directory: join(home.path, 'kafka'),
      port: PORTS.plain,
      controllerPort: PORTS.controller,
      log: join(home.path, 'kafka.log'),
      scramUsers,
      properties: {
        ...properties,
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'allow.everyone.if.no.acl.found': 'true',
      },
    })
    await prepare(new Kafka({ brokers: [broker.brokers], logLevel: logLevel.NOTHING }).admin())
    writeFileSync(join(home.path, 'ca.pem'), ca)
    system = new NpmStart({
      BANSO_HOME: home.path,
      BANSO_PORT_BASE: String(PORT_BASE),
      KAFKA_BROKERS: at(PORTS.users),
      KAFKA_TLS: 'true',
      KAFKA_TLS_CA_FILE: join(home.path, 'ca.pem'),
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_USERNAME: user.username,
      KAFKA_PASSWORD: user.password,
      BANSO_TURBO: 'on',
      PLAYBOOKS_PROT: '5005',
    })
  }, 120_000)
  afterAll(async () => {
    await system?.stop()
    await broker?.stop()
    home.remove()
  }, 60_000)

  it('may have faults, which are told within a moment by the service that they stop', async () => {
    await until('both faults', 60_000, async () => {
      const told = /declared is/.test(words()) && /refuses us/.test(words())
      if (!told) throw new Error(words())
      return true
    })
    expectSaid(words(), '… cannot start: Kafka refuses us what we need: …')
    expectSaid(words(), '… cannot start: topic … declared is …')
    expect(words()).toContain('TOPIC_AUTHORIZATION_FAILED of playbooks.runs.v1')
  }, 90_000)

  it('is no reason to be silent on misspelt settings, each of which is told once', async () => {
    await until('both names', 30_000, async () => /BANSO_TURBO/.test(words()) && /PLAYBOOKS_PROT/.test(words()))
    expectSaid(words(), '… is not a setting of Banso…')
    expect(words().match(/BANSO_TURBO is not/g)).toHaveLength(1)
    expect(words().match(/PLAYBOOKS_PROT is not a setting of Banso; did you mean PLAYBOOKS_PORT\?/g)).toHaveLength(1)
  }, 40_000)

  it('is spoken to by TLS, as a user whose session is renewed', async () => {
    const faults: string[] = []
    const heard = (_: object, message: string) => void faults.push(message)
    const notices = { debug: () => {}, warn: heard, error: heard }
    const log = new KafkaEventLog({ brokers: [at(PORTS.users)], clientId: 'spec', security: secured, notices })
    const declared = declare({ partitions: 1 })
    const ledger = new Ledger()
    try {
      await log.ensureTopics([declared])
      await log.consume({
        group: 'spec',
        topics: [declared.name],
        start: ledger.start,
        onBatch: async (batch) => ledger.apply(batch),
        onCrash: (fault) => faults.push(String(fault)),
      })
      for (const value of ['before', 'after']) {
        await log.append([recordFor(declared.name, 0, value)])
        await eventually(() => expect(ledger.valuesOn(0).at(-1)).toBe(value), { timeoutMs: 20_000 })
        await sleep(RENEWED_AFTER_MS)
      }
    } finally {
      await log.close()
    }
    expect(ledger.valuesOn(0)).toEqual(['before', 'after'])
    expect(faults.filter((fault) => /SASL|Closed connection/.test(fault))).toEqual([])
  }, 60_000)

  it('takes a certificate for a user', async () => {
    const client = authority.issue('client')
    const tls = { ca, cert: client.certificate, key: client.key }
    await waitForAnyBroker(at(PORTS.certificates), 20_000, { tls })
    expectSaid(await said({ tls: { ca } }, PORTS.certificates), 'Kafka … does not take our TLS (…)…')
  })

  it('does not let in who it does not know', async () => {
    const wrong = { tls: { ca }, sasl: { ...secured.sasl, password: 'another' } }
    expectSaid(await said(wrong), 'Kafka does not let us in: …')
    expect(await said({ tls: { ca }, sasl: { ...wrong.sasl, mechanism: 'scram-sha-512' } })).toContain('let us in')
    expect(await said({ tls: { ca }, sasl: { ...secured.sasl, mechanism: 'scram-sha-256' } })).toContain('let us in')
    const log = new KafkaEventLog({ brokers: [at(PORTS.users)], clientId: 'spec', security: wrong })
    await expect(log.ping()).rejects.toMatchObject({
      code: 'LOG_REFUSED',
      message: expect.stringContaining('let us in'),
    })
    await log.close()
  })

  it('is not believed with a certificate that we do not trust', async () => {
    const { certificate } = new TestAuthority('another authority')
    expectSaid(await said({ ...secured, tls: { ca: certificate } }), 'the certificate of Kafka … is not trusted (…)…')
  })

  it('says by which of both it speaks, where we speak by the other', async () => {
    expectSaid(await said({}), 'Kafka speaks TLS … and we do not: set KAFKA_TLS=true')
    expectSaid(await said({ tls: { ca } }, PORTS.plain), 'Kafka … ends the connection before TLS stands…')
  })
})
