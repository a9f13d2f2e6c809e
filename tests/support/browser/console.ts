/**
 * What operators do in the console, in a real browser.
 * @module
 */
import type { Page } from '@playwright/test'
import { button, type DemoAddresses, expect, signIn } from './e2e'

/** Signs an operator in to the console, with a second factor, up to its first page. */
export async function signInToConsole(
  page: Page,
  demo: DemoAddresses,
  email = 'olga@example.com',
): Promise<void> {
  await page.goto(`${demo.app}/console/sign-in`)
  await signIn(page, email)
  await page.getByRole('textbox', { name: 'One-time code' }).fill('000000')
  await button(page, 'Continue').click()
  await expect(page.getByRole('heading', { name: 'Console' })).toBeVisible()
}

/** Searches for an account: its page, or the list if there are several. */
export async function findAccount(page: Page, demo: DemoAddresses, what: string): Promise<void> {
  await page.goto(`${demo.app}/console`)
  await page.getByRole('textbox', { name: 'Email or user ID' }).fill(what)
  await button(page, 'Search').click()
}

/** Opens the preview of an act, gives a reason, and presses the button. */
export async function act(page: Page, name: string): Promise<void> {
  await button(page, name).click()
  await giveReason(page, name)
}

/** Gives a reason in the preview of an act, and presses the button. */
export async function giveReason(page: Page, name: string, reason = 'Ticket 4711'): Promise<void> {
  await page.getByRole('textbox', { name: 'Reason' }).fill(reason)
  await button(page, name).click()
}
