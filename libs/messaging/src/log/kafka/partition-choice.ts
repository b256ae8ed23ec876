import type { ICustomPartitioner } from 'kafkajs'

/** For the producer: a record goes to the partition that it names. kafkajs must never choose one. */
export const ownPartitions: ICustomPartitioner =
  () =>
  ({ message }) => {
    if (message.partition === undefined) throw new RangeError('a record without a partition')
    return message.partition
  }
