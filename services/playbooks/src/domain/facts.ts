// Replaced by the types of libs/conditions as soon as they are there.
export type AccountFacts = Readonly<Record<string, unknown>>
