import type { IncomingEvent } from '../../events.ts'

/** Which of two records of a key on a compacted topic is the newer: by generation of the owner's outbox, then sequence. */
export interface Version {
  readonly generation: number
  readonly sequence: number
}

/** The version of a record that an outbox wrote; generation 0 for another writer, which has one log id per topic. */
export const versionOf = ({ writer, sequence }: Pick<IncomingEvent, 'writer' | 'sequence'>): Version => {
  const generation = Number(/^outbox\/[^/]+\/(\d+)$/.exec(writer)?.[1] ?? 0)
  return { generation, sequence }
}

/**
 * Whether a copy takes this version over the one that it has. A compacted topic can end with an older repeat, so a
 * copy's row keeps (generation, sequence) and takes only what is newer.
 */
export const isNewer = (version: Version, than: Version | null | undefined): boolean =>
  !than ||
  version.generation > than.generation ||
  (version.generation === than.generation && version.sequence > than.sequence)

/** The newest version of each key, and the keys of which something older came after something newer. */
export const foldVersions = (
  records: readonly { readonly key: string; readonly version: Version }[],
  seen: ReadonlyMap<string, Version>,
): { readonly newest: ReadonlyMap<string, Version>; readonly outdated: ReadonlySet<string> } => {
  const newest = new Map<string, Version>()
  const outdated = new Set<string>()
  for (const { key, version } of records) {
    const known = newest.get(key) ?? seen.get(key)
    if (isNewer(version, known)) newest.set(key, version)
    else if (known && isNewer(known, version)) outdated.add(key)
  }
  return { newest, outdated }
}
