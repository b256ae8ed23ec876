import { AssignerProtocol, type PartitionAssigner, PartitionAssigners } from 'kafkajs'

const { MemberMetadata } = AssignerProtocol
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/** kafkajs's own division of the partitions; whoever joins says by an id which session vouches for it, if one does. */
export const vouchedRoundRobin =
  (voucherNow: () => string | undefined): PartitionAssigner =>
  (config) => {
    const dividing = PartitionAssigners.roundRobin(config)
    const { name, version } = dividing
    return {
      ...dividing,
      protocol: ({ topics }) => ({
        name,
        metadata: MemberMetadata.encode({ version, topics, userData: Buffer.from(voucherNow() ?? '') }),
      }),
    }
  }

/** Of a member as its group describes it; undefined where nobody vouches, or the group is just being divided anew. */
export const voucherOf = (memberMetadata: Buffer): string | undefined => {
  if (memberMetadata.length === 0) return undefined
  const text = MemberMetadata.decode(memberMetadata)?.userData.toString()
  return text !== undefined && UUID.test(text) ? text : undefined
}
