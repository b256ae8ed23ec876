// Answers of services are unknown until looked at.

export type JsonObject = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value at a dotted path, `scorecard.name`; undefined where there is none. */
export const valueAt = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), value)

export const textAt = (value: unknown, path: string): string | undefined => {
  const found = valueAt(value, path)
  return typeof found === 'string' ? found : undefined
}

export const numberAt = (value: unknown, path: string): number | undefined => {
  const found = valueAt(value, path)
  return typeof found === 'number' ? found : undefined
}

export const listAt = (value: unknown, path: string): readonly unknown[] => {
  const found = valueAt(value, path)
  return Array.isArray(found) ? found : []
}

/** The parsed text, or undefined when it is not JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
