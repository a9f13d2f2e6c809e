/**
 * Steps that need a real browser.
 * @module
 */
import { chromium, type Page } from '@playwright/test'
import { z } from 'zod'
import { CHROMIUM_ARGS, findChromium } from '../../../../scripts/lib/chromium.mjs'
import type { Run } from '../run'
import { type Verb, verb } from '../verb'

/** Longest wait for a page or a button, in milliseconds. */
const WAIT_TIMEOUT_MS = 15_000

const Deed = z.union([
  z.strictObject({ open: z.string() }),
  z.strictObject({ press: z.string() }),
  z.strictObject({ fill: z.string(), with: z.string() }),
  z.strictObject({ image: z.string() }),
  z.strictObject({ see: z.string() }),
])

export const CHROMIUM_VERBS: Record<string, Verb> = {
  /**
   * Uses Chromium as a person would: opens addresses, presses buttons, fills in fields, sees words; `image` loads an
   * address as an image of the page. After each step, nothing that the application put into storage, history or window
   * names contains any of `lacks`.
   */
  chromium: verb(
    { deeds: z.array(Deed), lacks: z.array(z.string()).optional() },
    async (run, { deeds, lacks = [] }) => {
      const executablePath = findChromium()
      const browser = await chromium.launch({
        args: CHROMIUM_ARGS,
        ...(executablePath !== undefined && { executablePath }),
      })
      try {
        const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage()
        page.setDefaultTimeout(WAIT_TIMEOUT_MS)
        for (const deed of deeds) {
          await carryOut(run, page, deed)
          await checkStorage(run, page, lacks)
        }
      } finally {
        await browser.close()
      }
    },
  ),
}

async function carryOut(run: Run, page: Page, deed: z.infer<typeof Deed>): Promise<void> {
  if ('open' in deed) await page.goto(new URL(deed.open, run.flow.demo.app).href)
  else if ('press' in deed) await page.getByRole('button', { name: deed.press, exact: true }).click()
  else if ('fill' in deed) await page.getByLabel(deed.fill, { exact: true }).fill(deed.with)
  else if ('see' in deed) await page.getByText(deed.see).first().waitFor()
  else
    await page.evaluate(
      (address) =>
        new Promise<void>((resolve) => {
          const image = new Image()
          image.onload = image.onerror = () => resolve()
          image.src = address
        }),
      new URL(deed.image, run.flow.demo.app).href,
    )
  await page.waitForLoadState()
}

async function checkStorage(run: Run, page: Page, lacks: string[]): Promise<void> {
  if (new URL(page.url()).origin !== run.flow.demo.app) return
  const kept = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, window.name, history.state, document.cookie]),
  )
  const found = lacks.find((words) => kept.includes(words))
  if (found) throw new Error(`${new URL(page.url()).pathname} keeps ${found}: ${kept.slice(0, 200)}`)
}
