import { encrypt, makeDataKey, MasterKey, migrate, type SealedFields } from '@banso/platform'
import { createMigratedDatabase, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import { DataSource } from 'typeorm'
import { AccountOwners, type OwnerSaid } from './account-owners.ts'
import { dataSourceOptions } from './data-source.ts'
import { PersonKeys } from './person-keys.ts'

const master = new MasterKey(randomBytes(32).toString('base64'))
const dataKey = makeDataKey()
const sealed = (fields: object): SealedFields => {
  const nonce = randomBytes(12)
  const data = encrypt(createSecretKey(dataKey), nonce, Buffer.from(JSON.stringify(fields)))
  return { nonce: nonce.toString('base64'), data: data.toString('base64') }
}
const at = (hour: number) => new Date(Date.parse('2026-03-01T00:00:00Z') + hour * 3_600_000)

const said = (accountId: string, hour: number, fields: object | null, openly = false): OwnerSaid => ({
  accountId,
  saidAt: at(hour),
  saidBy: `e-${hour}`,
  openly,
  sealed: fields && sealed(fields),
})

const words = (account: string) => [
  said(account, 1, { owner: 'first@customer.example', phone: '1' }),
  said(account, 2, { phone: '2' }),
  said(account, 3, { owner: { email: 'second@customer.example' } }),
  said(account, 4, { phone: '3' }),
  said(account, 5, { contact: { email: 'third@customer.example' } }),
]

export const describeAccountOwners = (): void => {
  describe("an account's owner", () => {
    let database: TestDatabase
    let source: DataSource
    let owners: AccountOwners

    beforeAll(async () => {
      database = await createMigratedDatabase('playbooks', (url) => migrate(dataSourceOptions(url)))
      source = await new DataSource(dataSourceOptions(database.url)).initialize()
      owners = new AccountOwners(source, master)
    })
    afterAll(async () => {
      await source?.destroy()
      await database?.drop()
    })

    const keepKey = (subject: string) =>
      new PersonKeys().keep(source.manager, [{ subject, wrappedKey: master.wrap(dataKey) }])
    it('is whom the latest event that names one says, in whatever order events and the key come', async () => {
      const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 2, 0], { minLength: 7 })
      await fc.assert(
        fc.asyncProperty(order, fc.nat({ max: 6 }), async (shuffled, keyAt) => {
          const account = randomUUID()
          const all = words(account)
          for (const [turn, index] of shuffled.entries()) {
            if (turn === keyAt) await keepKey(account)
            await owners.keep(source.manager, all.slice(index, index + 1))
          }
          expect(await owners.address(account)).toEqual({ kind: 'address', address: 'second@customer.example' })
        }),
        { numRuns: 25 },
      )
    })

    it('is forgotten by an event that says openly that there is none', async () => {
      const account = randomUUID()
      await keepKey(account)
      await owners.keep(source.manager, [
        said(account, 1, { owner: 'a@customer.example' }),
        said(account, 2, null, true),
      ])
      expect(await owners.address(account)).toEqual({ kind: 'none' })
      expect(await source.query('SELECT FROM account_owner WHERE account_id = $1', [account])).toHaveLength(1)
    })

    it('is told apart from one that cannot be opened', async () => {
      const [known, closed, unknown] = [randomUUID(), randomUUID(), randomUUID()]
      await keepKey(known)
      await new PersonKeys().keep(source.manager, [
        { subject: closed, wrappedKey: new MasterKey(randomBytes(32).toString('base64')).wrap(dataKey) },
      ])
      await owners.keep(source.manager, [
        said(known, 1, { phone: '1' }),
        said(closed, 1, { owner: 'a@customer.example' }),
      ])
      expect(await owners.address(known)).toEqual({ kind: 'none' })
      expect(await owners.address(closed)).toEqual({ kind: 'key-missing' })
      expect(await owners.address(unknown)).toEqual({ kind: 'none' })
    })
  })
}
