// `node render.mjs <url> <text>`: runs a page as a browser would, in jsdom, and ends with 0 when its text has come to have this.
// A process of its own: under Jest, jsdom and the renderers are slow. jsdom lacks a few parts of a browser; Node has most of them.
import { JSDOM, VirtualConsole } from 'jsdom'
import { setTimeout as sleep } from 'node:timers/promises'

const [url = '', text = ''] = process.argv.slice(2)
const WITHIN_MS = 30_000
const asked = []

class Observer {
  observe() {}
  unobserve() {}
  disconnect() {}
}

const load = (to) => {
  const address = new URL(typeof to === 'string' ? to : to.url, url)
  asked.push(address.origin)
  return fetch(address)
}

const prepare = (window) => {
  const media = {
    matches: false,
    addEventListener() {},
    removeEventListener() {},
    addListener() {},
    removeListener() {},
  }
  Object.assign(window, { fetch: load, Request, Response, Headers, TextEncoder, TextDecoder, structuredClone })
  Object.assign(window, {
    matchMedia: () => media,
    scrollTo() {},
    IntersectionObserver: Observer,
    ResizeObserver: Observer,
  })
}

const { window } = await JSDOM.fromURL(url, {
  runScripts: 'dangerously',
  resources: 'usable',
  pretendToBeVisual: true,
  virtualConsole: new VirtualConsole(), // what it cannot parse of style sheets
  beforeParse: prepare,
})
const shown = () => (window.document.body.textContent ?? '').replaceAll('\u200b', '')
const deadline = Date.now() + WITHIN_MS
while (!shown().includes(text) && Date.now() < deadline) await sleep(50)
const elsewhere = asked.filter((origin) => origin !== new URL(url).origin)
if (!shown().includes(text)) console.error(`${url} does not show ${text}, but:\n${shown().slice(0, 2000)}`)
if (elsewhere.length > 0) console.error(`${url} asks elsewhere: ${elsewhere.join(', ')}`)
process.exit(shown().includes(text) && elsewhere.length === 0 ? 0 : 1)
