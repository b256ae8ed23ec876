/** Records of one transaction of a group, on average since the service started; by its /metrics. */
export const chunkSize = async (address: string, group: string, topic: string): Promise<number> => {
  const answer = await fetch(`${address}/metrics`)
  const lines = (await answer.text()).split('\n')
  const valueOf = (name: string): number => {
    const line = lines.find(
      (one) => one.startsWith(`${name}{`) && one.includes(`topic="${topic}"`) && one.includes(`group="${group}"`),
    )
    return Number(line?.split(' ').at(-1) ?? Number.NaN)
  }
  return Math.round(valueOf('banso_chunk_records_sum') / valueOf('banso_chunk_records_count'))
}
