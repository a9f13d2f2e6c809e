import type { Visit } from '../browser/browser'
import { FlowBrowser } from '../browser/flow-browser'
import { type Flow, proveAccount } from './flow'

/** Signs an operator in to the console, up to its first page. */
export async function signInToConsole(
  flow: Flow,
  browser = new FlowBrowser(),
  email = 'olga@example.com',
): Promise<Visit> {
  const login = await browser.visit(`${flow.demo.app}/console/sign-in`)
  return proveAccount(browser, login, email)
}

/** Searches for an account by email address or user id. Returns its page, or the list if several match. */
export async function findInConsole(browser: FlowBrowser, flow: Flow, what: string): Promise<Visit> {
  const home = await browser.visit(`${flow.demo.app}/console`)
  return browser.press(home, 'Search', { 'Email or user ID': what })
}

/**
 * The path of an account's page, from the list that a search returned.
 *
 * @throws {Error} If the list has no such account.
 */
export function linkTo({ html }: Visit, userId: string): string {
  const link = html.querySelectorAll('a').find((each) => each.text.trim() === userId)
  if (!link) throw new Error(`no link to ${userId}`)
  return link.getAttribute('href') ?? ''
}
