import { describe, expect, it } from '@jest/globals'
import {
  splitEventProperties,
  splitGroupTraits,
  splitPageProperties,
  splitPersonTraits,
  withoutAddresses,
  withoutMailAddress,
} from './personal-fields.ts'

describe('what travels sealed', () => {
  it('of a person: names, addresses, free text, whatever their spelling', () => {
    const personal = { name: 'Ann', First_Name: 'Ann', 'e-mail': 'x', phoneNumber: '1', title: 'CTO', birthday: 'b' }
    expect(splitPersonTraits({ ...personal, role: 'admin', plan: 'pro' })).toEqual({
      open: { role: 'admin', plan: 'pro' },
      personal,
    })
  })

  it('of a person’s company: what it would be of a company', () => {
    expect(splitPersonTraits({ company: { name: 'Acme', phone: '1' } })).toEqual({
      open: { company: { name: 'Acme' } },
      personal: { company: { phone: '1' } },
    })
  })

  it('of a company: everything but its name that would be a person’s', () => {
    expect(splitGroupTraits({ name: 'Acme', plan: 'pro', email: 'a@acme.test', seats: 5 })).toEqual({
      open: { name: 'Acme', plan: 'pro', seats: 5 },
      personal: { email: 'a@acme.test' },
    })
  })

  it('any text that holds an e-mail address, at any depth, and as a key', () => {
    const properties = { by: 'Ann <ann@acme.test>', deep: { list: [1, { to: 'b@c.de' }], n: 1 }, 'a@b.cd': 1 }
    expect(splitEventProperties(properties)).toEqual({
      open: { deep: { n: 1 } },
      personal: { by: 'Ann <ann@acme.test>', deep: { list: [1, { to: 'b@c.de' }] }, 'a@b.cd': 1 },
    })
  })

  it('nothing of an event that names a product', () => {
    const properties = { name: 'Lamp', title: 'Blue', price: 3, handle: '@lamp', at: 'a @ b' }
    expect(splitEventProperties(properties)).toEqual({ open: properties, personal: {} })
  })

  it('of a page: where it was and where from; its path stays, or comes from the address', () => {
    const url = 'https://app.test/reports/7?token=x'
    expect(splitPageProperties({ url, referrer: 'https://b.test', title: 'Ann’s report', path: '/p' })).toEqual({
      open: { path: '/p' },
      personal: { url, referrer: 'https://b.test', title: 'Ann’s report' },
    })
    expect(splitPageProperties({ url }).open).toEqual({ path: '/reports/7' })
    expect(splitPageProperties({ url: 'https://app.test/u/ann%40acme.test' }).open).toEqual({})
  })

  it('does not touch prototypes', () => {
    const { open } = splitEventProperties(JSON.parse('{"constructor":{"prototype":{"z":1}},"a":1}') as object as never)
    expect(open).toEqual({ constructor: { prototype: { z: 1 } }, a: 1 })
    expect('z' in {}).toBe(false)
  })

  it('takes no longer for a long text without an end', () => {
    const began = performance.now()
    for (const text of ['@'.repeat(30_000), 'a@'.repeat(15_000), 'a'.repeat(30_000), 'a@b.'.repeat(7_000)])
      splitEventProperties({ text })
    expect(performance.now() - began).toBeLessThan(250)
  })
})

describe('names and addresses', () => {
  it('are taken out of an event’s name', () => {
    expect(withoutMailAddress('Invited ann@acme.test, twice')).toBe('Invited (e-mail address), twice')
    expect(withoutMailAddress('Report @ home')).toBe('Report @ home')
  })

  it('are not taken from a public key', () => {
    const said = { email: 'x', Phone: '1', name: 'Ann', company: { address: 'y', name: 'Acme' } }
    expect(withoutAddresses(said)).toEqual({ name: 'Ann', company: { name: 'Acme' } })
  })
})
