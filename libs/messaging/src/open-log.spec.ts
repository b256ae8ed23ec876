import { expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What is loaded with a file of ours, packages by their names. */
const loadedWith = (file: string, found = new Set<string>()): ReadonlySet<string> => {
  found.add(file)
  const statements = readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type\b)(?:[^'"]*? from )?'([^']+)'/gm)
  for (const [, name = ''] of statements) {
    const loaded = name.startsWith('.') ? join(dirname(file), name) : name
    if (!loaded.startsWith('/')) found.add(loaded)
    else if (!found.has(loaded)) loadedWith(loaded, found)
  }
  return found
}

it('loads what speaks to Kafka only where Kafka is named: it is a twentieth of what a service loads', () => {
  const loaded = loadedWith(join(import.meta.dirname, 'index.ts'))
  expect([...loaded].filter((one) => one === 'typeorm' || one === 'kafkajs')).toEqual(['typeorm'])
})
