import kafkajs, { type Admin } from 'kafkajs'

// Node finds only some of kafkajs's exports by name
const { ConfigResourceTypes } = kafkajs

/** Brokers before 4.0 have this setting, by default their own version: `3.9-IV0`. */
const VERSION_SETTING = 'inter.broker.protocol.version'

/** Kafka's protocol does not tell a broker's version, its settings do in part; null: they may not be read. */
export const brokerVersion = async (
  admin: Pick<Admin, 'describeConfigs'>,
  brokers: readonly { readonly nodeId: number }[],
): Promise<string | null> => {
  const [first] = brokers
  if (!first) return null
  try {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.BROKER, name: String(first.nodeId) }],
    })
    const [settings] = resources
    if (!settings || settings.errorCode !== 0) return null
    const found = settings.configEntries.find(({ configName }) => configName === VERSION_SETTING)
    return found ? `Apache Kafka ${found.configValue.replace(/-.*/, '')}` : 'Apache Kafka 4.0 or later'
  } catch {
    return null
  }
}
