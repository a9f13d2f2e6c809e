import { vi } from 'vitest'
import type { LinkTransaction } from '@/lib/link-flow/transaction-shape'
import type { FlowDemo } from '../flow/demo'
import { services } from '../process/services'
import { appCookies, putAppCookie } from './app-cookies'
import type { FlowBrowser } from './flow-browser'

const PURPOSE = 'link-transaction'

/**
 * Makes a browser's only open flow older. A test cannot change the application's clock, so this encrypts the flow's cookie
 * again, with earlier times in it.
 *
 * @param seconds - How long ago the flow was opened and last used, in seconds.
 */
export async function ageFlow(
  browser: FlowBrowser,
  demo: FlowDemo,
  seconds: { opened: number; touched: number },
): Promise<void> {
  for (const [name, value] of Object.entries(demo.env)) vi.stubEnv(name, value)
  const [cookie] = await appCookies(browser, demo.app, 'link_')
  if (!cookie) throw new Error('this browser has no flow')
  const transaction = (await services().sealer.unseal(PURPOSE, cookie.value)) as LinkTransaction
  const now = Math.floor(Date.now() / 1000)
  const aged = { ...transaction, openedAt: now - seconds.opened, touchedAt: now - seconds.touched }
  const value = await services().sealer.seal(PURPOSE, aged, aged.openedAt + 3600)
  await putAppCookie(browser, demo.app, cookie.key, value)
  vi.unstubAllEnvs()
}
