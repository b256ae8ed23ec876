import { describe, expect, it } from '@jest/globals'
import { unfitness } from './postgres-fitness.ts'

const server = { version: 18, user: 'admin', superuser: false, makesRoles: true, makesDatabases: true }

describe('a Postgres of your own', () => {
  it('is fit when its user may make roles and databases, or everything', () => {
    expect(unfitness(server)).toBeUndefined()
    expect(unfitness({ ...server, superuser: true, makesRoles: false, makesDatabases: false })).toBeUndefined()
    expect(unfitness({ ...server, version: 15 })).toBeUndefined()
  })

  it('is not when it is too old', () => {
    expect(unfitness({ ...server, version: 14 })).toBe(
      'Postgres 14 is too old: Banso needs 15 or later. Upgrade it, or name another server.',
    )
  })

  it('is not when its user may not make what is needed, with the statement that helps', () => {
    expect(unfitness({ ...server, makesDatabases: false })).toMatch(
      /user admin may not make databases, .*ALTER ROLE "admin"/,
    )
    expect(unfitness({ ...server, makesRoles: false })).toMatch(/may not make roles and databases/)
  })
})
