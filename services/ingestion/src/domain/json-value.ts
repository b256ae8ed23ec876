/** Levels of objects and arrays that an event may have. */
export const MAX_NESTING = 32

export type JsonObject = Record<string, unknown>

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** No database holds NUL in a text, and a lone surrogate comes back as another character. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed()

const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD')

interface Open {
  readonly node: JsonObject | unknown[]
  readonly depth: number
}

/**
 * Makes a parsed JSON value safe to pass on, in place: takes out `__proto__` keys and puts U+FFFD where a text below the
 * top level is not storable. False when it is nested deeper than `MAX_NESTING`; without recursion, so that no depth
 * can end the process.
 */
export const makeSafe = (root: JsonObject): boolean => {
  const open: Open[] = [{ node: root, depth: 1 }]
  for (let item = open.pop(); item; item = open.pop()) {
    if (item.depth > MAX_NESTING) return false
    const children = Array.isArray(item.node) ? safeElements(item.node) : safeFields(item.node, item.depth)
    for (const node of children) open.push({ node, depth: item.depth + 1 })
  }
  return true
}

/** Whether a text or a name anywhere in a parsed JSON value holds `part`. Without recursion, at any depth. */
export const holdsText = (root: unknown, part: string): boolean => {
  const open = [root]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value === 'string' && value.includes(part)) return true
    if (!isNode(value)) continue
    for (const [name, child] of Object.entries(value)) {
      if (name.includes(part)) return true
      open.push(child)
    }
  }
  return false
}

type Children = Open['node'][]

const isNode = (value: unknown): value is Open['node'] => typeof value === 'object' && value !== null

const safeElements = (elements: unknown[]): Children => {
  const children: Children = []
  for (const [at, element] of elements.entries()) {
    if (isNode(element)) children.push(element)
    else if (typeof element === 'string' && !isStorable(element)) elements[at] = storable(element)
  }
  return children
}

const safeFields = (fields: JsonObject, depth: number): Children => {
  const children: Children = []
  if (Object.hasOwn(fields, '__proto__')) delete fields['__proto__']
  for (const name of Object.keys(fields)) {
    const value = fields[name]
    if (isNode(value)) children.push(value)
    else if (depth > 1 && typeof value === 'string' && !isStorable(value)) fields[name] = storable(value)
    if (!isStorable(name)) {
      fields[storable(name)] = fields[name]
      delete fields[name]
    }
  }
  return children
}
