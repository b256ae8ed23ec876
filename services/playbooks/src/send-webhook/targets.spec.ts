import { describe, expect, it } from '@jest/globals'
import { checkedLookup, isGlobalAddress, targetFault, TargetRefusedError } from './targets.ts'

const strict = { plainHttp: false, privateTargets: false }

describe('addresses that are refused', () => {
  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '100.64.0.1',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.7',
    '203.0.113.7',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:a00:1',
    '64:ff9b::7f00:1',
    '64:ff9b::8.8.8.8',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'fc00::1',
    'fd12:3456:789a::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    'not an address',
    '',
  ])('%s', (address) => {
    expect(isGlobalAddress(address)).toBe(false)
  })
})

describe('addresses that are allowed', () => {
  it.each(['1.1.1.1', '8.8.8.8', '100.63.255.255', '100.128.0.1', '172.32.0.1', '2606:4700:4700::1111'])(
    '%s',
    (address) => {
      expect(isGlobalAddress(address)).toBe(true)
    },
  )
})

describe('targets as written', () => {
  it.each([
    'https://127.0.0.1/x',
    'https://127.1/x',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://0/',
    'https://１２７.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:7f00:1]/',
    'https://[fd00::1]:8443/',
    'http://hooks.example.com/',
    'ftp://hooks.example.com/',
    'file:///etc/passwd',
    'https://user:pass@hooks.example.com/',
    'https://{{ account.host }}/',
    'https://hooks.example.com/{{ id }}',
    'https://hooks.example.com/#part',
    '//hooks.example.com/',
    'hooks.example.com',
    '',
  ])('refuses %s', (target) => {
    expect(targetFault(target, strict)).toMatch(/^must /)
  })

  it('takes a literal https URL with port, path and query', () => {
    expect(targetFault('https://hooks.example.com:8443/in/1?team=cs', strict)).toBeNull()
    expect(targetFault('https://8.8.8.8/', strict)).toBeNull()
  })

  it('takes http and private addresses where the operator allows them, each on its own', () => {
    expect(targetFault('http://hooks.example.com/', { ...strict, plainHttp: true })).toBeNull()
    expect(targetFault('http://10.0.0.1/', { ...strict, plainHttp: true })).not.toBeNull()
    expect(targetFault('https://10.0.0.1/', { ...strict, privateTargets: true })).toBeNull()
    expect(targetFault('http://10.0.0.1/', { ...strict, privateTargets: true })).not.toBeNull()
  })
})

const looked = (privateTargets: boolean, all: boolean) =>
  new Promise<unknown>((done) => {
    checkedLookup({ plainHttp: true, privateTargets })('localhost', { all }, (error, address) => done(error ?? address))
  })

describe('names, when they are connected to', () => {
  it('refuses a name that resolves to loopback', async () => {
    expect(await looked(false, true)).toBeInstanceOf(TargetRefusedError)
    expect(await looked(false, false)).toBeInstanceOf(TargetRefusedError)
  })

  it('resolves a name once for all that wait for it, so that a slow one takes one thread of the resolver', async () => {
    const begun: (() => void)[] = []
    const resolve = () =>
      new Promise<{ address: string; family: number }[]>((done) =>
        begun.push(() => done([{ address: '1.1.1.1', family: 4 }])),
      )
    const lookup = checkedLookup(strict, resolve)
    const ask = (host: string) =>
      new Promise<unknown>((done) => lookup(host, {}, (error, address) => done(error ?? address)))
    const waiting = [...Array.from({ length: 32 }, () => ask('slow.example.com')), ask('quick.example.com')]
    expect(begun).toHaveLength(2)
    for (const end of begun) end()
    expect(await Promise.all(waiting)).toEqual(Array.from({ length: 33 }, () => '1.1.1.1'))
    void ask('slow.example.com')
    expect(begun).toHaveLength(3)
  })

  it('hands over exactly what was resolved', async () => {
    expect(await looked(true, true)).toEqual(
      expect.arrayContaining([expect.objectContaining({ address: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) })]),
    )
    expect(await looked(true, false)).toMatch(/^(127\.0\.0\.1|::1)$/)
  })
})
