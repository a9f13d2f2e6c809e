import { describe, expect, it, vi } from 'vitest'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, claimsOf, textOf } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'
import type { SinkMail } from '../support/flow/tenant'

const own = ownDemo({ hasMails: true })

/** The mails that arrived, once there are at least so many. */
async function mailed(count: number): Promise<SinkMail[]> {
  await vi.waitFor(
    async () => expect((await own.flow.tenant.mails()).length).toBeGreaterThanOrEqual(count),
    10_000,
  )
  return own.flow.tenant.mails()
}

/** The address in a mail under which its reader reports. */
const reportUrl = ({ text }: SinkMail): URL => new URL(/https:\S+\/not-me\?token=\S+/.exec(text)?.[0] ?? '')

async function linkAnn(browser: FlowBrowser): Promise<SinkMail> {
  const page = await browser.press(await own.flow.annAtConfirm(browser), BUTTONS.link)
  expect(claimsOf(page).sub).toBe('auth0|ann')
  const [mail] = await mailed(1)
  if (!mail) throw new Error('no mail')
  return mail
}

describe('a link at login', () => {
  it('is mailed once to the one address that both accounts have', async () => {
    const mail = await linkAnn(new FlowBrowser())
    expect(mail).toMatchObject({
      to: 'ann@example.com',
      from: 'accounts@example.com',
      subject: 'Example Inc: a sign-in method was added to your account',
    })
    expect(mail.text).toContain('Added: Google, a••@example.com')
    expect(mail.text).toContain('This wasn’t me')
    expect(mail.html).toContain('/not-me?token=')
    expect(await own.flow.tenant.mails()).toHaveLength(1)
  })

  it('is taken back by its reader, who is not signed in', async () => {
    const mail = await linkAnn(new FlowBrowser())
    const reader = new FlowBrowser()
    const page = await reader.visit(reportUrl(mail))
    expect(page.url.href).toBe(`${own.flow.demo.app}/not-me`)
    expect((await own.flow.tenant.user('auth0|ann'))?.identities).toHaveLength(2)
    const done = await reader.press(page, 'This wasn’t me')
    expect(textOf(done)).toContain('The two accounts are separate again.')
    const [ann, google] = await Promise.all(
      ['auth0|ann', 'google-oauth2|ann-g'].map((id) => own.flow.tenant.user(id)),
    )
    expect([ann?.identities.length, google?.identities.length]).toEqual([1, 1])
    for (const user of [ann, google])
      expect(JSON.stringify(user?.app_metadata?.account_linking)).toMatch(
        /"declined":\{"[0-9a-f]{12}":\{"until":9007199254740991,"at":\d+,"client":"Example Inc","disputed":true\}\}/,
      )
  })
})
