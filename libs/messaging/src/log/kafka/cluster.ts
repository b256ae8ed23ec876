// kafkajs offers no fetch without a group, and no leaving for another member. Its own cluster object, which its producer,
// consumer and admin are made of, has both; a client makes it by a function that it keeps under a symbol.
import type { Kafka } from 'kafkajs'
import type { KafkaMessageLike } from './records.ts'

interface FetchRequest {
  readonly maxWaitTime: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly isolationLevel: number
  readonly topics: readonly {
    readonly topic: string
    readonly partitions: readonly {
      readonly partition: number
      readonly fetchOffset: string
      readonly maxBytes: number
    }[]
  }[]
}

interface FetchResponse {
  readonly responses: readonly {
    readonly partitions: readonly {
      readonly highWatermark: string
      readonly messages: readonly (KafkaMessageLike & { readonly isControlRecord?: boolean })[]
    }[]
  }[]
}

/** The broker that keeps a group. */
export interface GroupCoordinator {
  describeGroups(asked: { groupIds: readonly string[] }): Promise<{
    readonly groups: readonly {
      readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[]
    }[]
  }>
  leaveGroup(member: { groupId: string; memberId: string }): Promise<unknown>
}

/** The part of kafkajs's cluster that is used here. */
export interface KafkaCluster {
  connect(): Promise<void>
  disconnect(): Promise<void>
  addTargetTopic(topic: string): Promise<void>
  refreshMetadata(): Promise<void>
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Readonly<Record<string, readonly number[]>>
  findBroker(node: { nodeId: string }): Promise<{ fetch(request: FetchRequest): Promise<FetchResponse> }>
  findGroupCoordinator(group: { groupId: string }): Promise<GroupCoordinator>
}

type CreateCluster = (options: {
  metadataMaxAge: number
  allowAutoTopicCreation: boolean
  isolationLevel: number
}) => KafkaCluster

export const READ_COMMITTED = 1
const METADATA_MAX_AGE_MS = 30_000

const isCreateCluster = (found: unknown): found is CreateCluster => typeof found === 'function'

export const createCluster = (kafka: Kafka): KafkaCluster => {
  const name = Object.getOwnPropertySymbols(kafka).find(({ description }) => description?.endsWith(':createCluster'))
  const create: unknown = name && Reflect.get(kafka, name)
  if (!isCreateCluster(create)) throw new Error('this kafkajs is not the one that its guards are made for')
  return create({
    metadataMaxAge: METADATA_MAX_AGE_MS,
    allowAutoTopicCreation: false,
    isolationLevel: READ_COMMITTED,
  })
}
