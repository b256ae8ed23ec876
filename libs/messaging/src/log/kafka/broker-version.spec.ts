import { expect, it } from '@jest/globals'
import kafkajs, { type DescribeConfigResponse } from 'kafkajs'
import { brokerVersion } from './broker-version.ts'

const { ConfigResourceTypes } = kafkajs

/** What brokers answer that have these settings. */
const answering = (settings: Readonly<Record<string, string>>, errorCode = 0): DescribeConfigResponse => ({
  throttleTime: 0,
  resources: [
    {
      errorCode,
      errorMessage: '',
      resourceName: '1',
      resourceType: ConfigResourceTypes.BROKER,
      configEntries: Object.entries(settings).map(([configName, configValue]) => ({
        configName,
        configValue,
        readOnly: false,
        isDefault: true,
        configSource: 5,
        isSensitive: false,
        configSynonyms: [],
      })),
    },
  ],
})
const askedOf: string[] = []
const versionOf = (answer: () => DescribeConfigResponse): Promise<string | null> => {
  const describeConfigs = async ({ resources }: { resources: { name: string }[] }) => {
    askedOf.push(...resources.map(({ name }) => name))
    return answer()
  }
  return brokerVersion({ describeConfigs }, [{ nodeId: 7 }, { nodeId: 8 }])
}

const refusing = (): never => {
  throw new Error('CLUSTER_AUTHORIZATION_FAILED')
}

it.each([
  ['2.8-IV1', 'Apache Kafka 2.8'],
  ['3.9-IV0', 'Apache Kafka 3.9'],
  ['3.0', 'Apache Kafka 3.0'],
])('a broker whose protocol is %s is %s', async (setting, version) => {
  expect(await versionOf(() => answering({ 'inter.broker.protocol.version': setting }))).toBe(version)
  expect(askedOf.splice(0)).toEqual(['7'])
})

it('a broker without the setting is of 4.0 or later', async () => {
  expect(await versionOf(() => answering({ 'log.dirs': '/data' }))).toBe('Apache Kafka 4.0 or later')
})

it('is not known where settings may not be read, or there is no broker', async () => {
  expect(await versionOf(() => answering({}, 29))).toBeNull()
  expect(await versionOf(refusing)).toBeNull()
  expect(await brokerVersion({ describeConfigs: refusing }, [])).toBeNull()
})
