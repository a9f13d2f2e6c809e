import { type Browser, chromium, type Page } from '@playwright/test'
import { CHROMIUM_ARGS, findChromium } from '../../../scripts/lib/chromium.mjs'

/** What one visit transfers over the network with an empty cache. */
export interface Traffic {
  /** Redirects included. */
  requests: number
  scripts: number
  /** Compressed, headers included. */
  bytes: number
  /** Compressed, without headers. */
  scriptBytes: number
}

/** Starts the browser that the tests use. */
export function launchChromium(): Promise<Browser> {
  const executablePath = findChromium()
  return chromium.launch({ ...(executablePath && { executablePath }), args: CHROMIUM_ARGS })
}

/**
 * Visits an address and counts until the network is idle.
 *
 * @see {@link https://chromedevtools.github.io/devtools-protocol/tot/Network/ Chrome DevTools Protocol, Network}
 */
export async function trafficOf(page: Page, url: string): Promise<Traffic> {
  const session = await page.context().newCDPSession(page)
  const traffic: Traffic = { requests: 0, scripts: 0, bytes: 0, scriptBytes: 0 }
  const scripts = new Set<string>()
  session.on('Network.requestWillBeSent', ({ requestId, request, type, redirectResponse }) => {
    if (request.url.startsWith('data:')) return
    traffic.requests += 1
    traffic.bytes += redirectResponse?.encodedDataLength ?? 0
    if (type === 'Script') scripts.add(requestId)
  })
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    traffic.bytes += encodedDataLength
  })
  session.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) traffic.scriptBytes += encodedDataLength
  })
  await session.send('Network.enable')
  await session.send('Network.setCacheDisabled', { cacheDisabled: true })
  await page.goto(url, { waitUntil: 'networkidle' })
  await session.detach()
  return { ...traffic, scripts: scripts.size }
}
