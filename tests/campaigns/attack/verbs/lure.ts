/**
 * Steps of a real browser on another site.
 * @module
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type BrowserContext, chromium, type Frame, type Page, type Response } from '@playwright/test'
import { parse } from 'node-html-parser'
import { z } from 'zod'
import { createCertificates } from '@/local-tenant/certificates'
import { CHROMIUM_ARGS, findChromium } from '../../../../scripts/lib/chromium.mjs'
import type { Visit } from '../../../support/browser/browser'
import type { Run } from '../run'
import { jar, type Verb, verb } from '../verb'

/** Longest wait for the page, the frame or the title, in milliseconds. */
const WAIT_TIMEOUT_MS = 10_000

export const LURE_VERBS: Record<string, Verb> = {
  /**
   * Opens a page of another site in Chromium, with the cookies of a browser. `look` says what later checks see: the `page`
   * that the site led to, the contents of its `frame`, or the site's page `itself` once it has set its title. A `neighbour`
   * is another origin of the application's own site: browsers send our cookies with its requests.
   */
  lure: verb(
    {
      html: z.string(),
      look: z.enum(['page', 'frame', 'itself']),
      sandbox: z.boolean().optional(),
      neighbour: z.boolean().optional(),
      jar,
    },
    async (run, { html, look, sandbox = false, neighbour = false, jar }) => {
      const { hostname } = new URL(run.flow.demo.app)
      const host = neighbour === (hostname === 'localhost') ? 'localhost' : '127.0.0.1'
      const site = await startSite(html, sandbox, host, run.flow.demo.app.startsWith('https:'))
      const executablePath = findChromium()
      const browser = await chromium.launch({
        args: CHROMIUM_ARGS,
        ...(executablePath && { executablePath }),
      })
      try {
        const context = await browser.newContext({ ignoreHTTPSErrors: true })
        await takeCookies(run, context, jar)
        const page = await context.newPage()
        const answers: Response[] = []
        page.on('response', (response) => {
          if (response.request().isNavigationRequest() && response.frame() === page.mainFrame())
            answers.push(response)
        })
        await page.goto(site.address, { waitUntil: 'commit' })
        run.come(jar, await LOOKS[look](page, site.address, answers))
      } finally {
        await browser.close()
        site.close()
      }
    },
  ),
}

type Look = (page: Page, site: string, answers: Response[]) => Promise<Visit>

const LOOKS: Record<'page' | 'frame' | 'itself', Look> = {
  page: async (page, site, answers) => {
    await page.waitForURL((url) => url.href !== site, { timeout: WAIT_TIMEOUT_MS })
    const answer = answers.at(-1)
    const headers = new Headers(await answer?.allHeaders())
    return { ...(await shown(page.mainFrame())), status: answer?.status() ?? 0, headers }
  },
  frame: async (page) => {
    const frame = await (await page.waitForSelector('iframe', { state: 'attached' })).contentFrame()
    if (!frame) throw new Error('there is no frame')
    for (let waited = 0; /^(about:blank)?$/.test(frame.url()) && waited < WAIT_TIMEOUT_MS; waited += 50)
      await page.waitForTimeout(50)
    return shown(frame)
  },
  itself: async (page) => {
    await page.waitForFunction('document.title !== ""', undefined, { timeout: WAIT_TIMEOUT_MS })
    return shown(page.mainFrame())
  },
}

async function shown(frame: Frame): Promise<Visit> {
  return { url: new URL(frame.url()), status: 0, headers: new Headers(), html: parse(await frame.content()) }
}

/**
 * A page with its own origin, over TLS if the application uses TLS, because the scheme is part of a site. Browsers
 * treat `localhost` and `127.0.0.1` as two sites, and ignore ports.
 */
async function startSite(html: string, sandbox: boolean, host: string, isSecure: boolean) {
  const answer = (_request: IncomingMessage, response: ServerResponse) => {
    if (sandbox) response.setHeader('content-security-policy', 'sandbox allow-forms allow-scripts')
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(html)
  }
  const certificates = isSecure ? await createCertificates(host) : undefined
  const server = certificates ? createTlsServer(certificates, answer) : createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, () => resolve()))
  const { port } = server.address() as AddressInfo
  const address = `http${isSecure ? 's' : ''}://${host}:${port}/`
  const close = () => {
    server.closeAllConnections()
    server.close()
    void certificates?.remove()
  }
  return { address, close }
}

async function takeCookies(run: Run, context: BrowserContext, jar: string | undefined): Promise<void> {
  const { app } = run.flow.demo
  const cookies = await run.browser(jar).jar.getCookies(app)
  const { hostname: domain } = new URL(app)
  const secure = app.startsWith('https:')
  const flags = { path: '/', httpOnly: true, secure, sameSite: 'Lax' as const }
  await context.addCookies(cookies.map(({ key: name, value }) => ({ name, value, domain, ...flags })))
}
