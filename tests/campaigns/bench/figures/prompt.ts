import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from '@playwright/test'
import { parse } from 'node-html-parser'
import { type Findings, inTurns } from '../figure'
import type { Stage } from '../stage'
import { launchChromium, type Traffic, trafficOf } from '../traffic'

const VISITS = 3
/** Network of the phone: milliseconds, and bytes a second. */
const ROUND_TRIP_MS = 400
const BYTES_PER_SECOND = 400_000 / 8
/** How many times slower the phone is than this machine. */
const SLOWDOWN = 4

/** The cost of the prompt for the phone of the person who sees it. */
export async function prompt({ floor, newLinks }: Stage): Promise<Findings> {
  const folder = mkdtempSync(join(tmpdir(), 'account-linking-bench-'))
  const words = join(folder, 'words.html')
  const [link = ''] = await newLinks(1)
  const browser = await launchChromium()
  const framework = await floor.start({ WORDS_FILE: words })
  const file = await startFile()
  try {
    const cold = await inNewPage(browser, async (page) => {
      const traffic = await trafficOf(page, link)
      return { traffic, html: await page.content() }
    })
    file.html = cold.html
    writeFileSync(words, parse(cold.html).querySelector('body')?.innerHTML ?? '')
    const page = await inNewPage(browser, (each) => trafficOf(each, `${framework.url}/words`))
    const paints = await inTurns(VISITS, {
      ours: async () => firstPaint(browser, (await newLinks(1))[0] ?? ''),
      page: () => firstPaint(browser, `${framework.url}/words`),
      file: () => firstPaint(browser, file.url),
    })
    return { figures: figuresOf(cold.traffic, page, paints) }
  } finally {
    await browser.close()
    await framework.close()
    file.close()
    rmSync(folder, { recursive: true })
  }
}

function figuresOf(ours: Traffic, page: Traffic, paints: Record<'ours' | 'page' | 'file', number>) {
  const pageName = 'the same words as an App Router page'
  return [
    {
      name: 'scripts of the prompt',
      ours: ours.scripts,
      unit: 'scripts',
      other: { name: pageName, value: page.scripts },
      target: { of: 'ours' as const, most: 0 },
    },
    {
      name: 'bytes of the prompt: cold, compressed, headers and the redirect to it included',
      ours: ours.bytes / 1000,
      unit: 'kB',
      other: { name: pageName, value: page.bytes / 1000 },
      target: { of: 'ours' as const, most: 8 },
    },
    {
      name: 'the same',
      ours: ours.bytes / 1000,
      unit: 'kB',
      other: { name: 'the first window of a TCP connection', value: 14.6 },
    },
    {
      name: "requests from the Action's redirect to the prompt on the screen",
      ours: ours.requests,
      unit: 'requests',
      other: { name: `${pageName}, without a redirect`, value: page.requests },
      target: { of: 'ours' as const, most: 2 },
    },
    {
      name: 'first contentful paint of the prompt on a slow phone',
      ours: paints.ours,
      unit: 'ms',
      other: { name: pageName, value: paints.page },
      target: { of: 'ratio' as const, most: 1 / 3 },
    },
    {
      name: 'the same',
      ours: paints.ours,
      unit: 'ms',
      other: { name: 'a static file and one round trip', value: paints.file + ROUND_TRIP_MS },
      target: { of: 'ratio' as const, most: 1.2 },
    },
  ]
}

/** Time from the navigation to the first contentful paint on the phone, in milliseconds. */
async function firstPaint(browser: Browser, url: string): Promise<number> {
  return inNewPage(browser, async (page) => {
    const session = await page.context().newCDPSession(page)
    await session.send('Network.enable')
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: ROUND_TRIP_MS,
      downloadThroughput: BYTES_PER_SECOND,
      uploadThroughput: BYTES_PER_SECOND,
    })
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN })
    await page.goto(url, { waitUntil: 'commit' })
    const painted = await page.waitForFunction(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    )
    return (await painted.jsonValue()) as number
  })
}

async function inNewPage<Result>(browser: Browser, work: (page: Page) => Promise<Result>): Promise<Result> {
  const context = await browser.newContext({
    viewport: { width: 360, height: 720 },
    isMobile: true,
    bypassCSP: true,
  })
  try {
    return await work(await context.newPage())
  } finally {
    await context.close()
  }
}

/** Starts a server of one compressed file. */
async function startFile() {
  let body = gzipSync('')
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-encoding': 'gzip' }
  const server = createServer((_request, response) => void response.writeHead(200, headers).end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}/`,
    set html(html: string) {
      body = gzipSync(html)
    },
    close: () => server.close(),
  }
}
