import { beforeEach, describe, expect, inject, it } from 'vitest'
import { createSealer } from '@/lib/config/seal'
import type { Visit } from '../support/browser/browser'
import { FlowBrowser } from '../support/browser/flow-browser'
import { findInConsole, linkTo, signInToConsole } from '../support/flow/console'
import { BUTTONS, errorCode, Flow, textOf } from '../support/flow/flow'

const flow = new Flow(inject('flowDemo'))
const { tenant, demo } = flow
beforeEach(() => tenant.reset())

const url = (path: string) => `${demo.app}${path}`
const REASON = { Reason: 'Ticket 4711 of ann@example.com' }
const PERMISSION = {
  permissions: [
    { resource_server_identifier: `${demo.app}/console`, permission_name: 'operate:account_linking' },
  ],
}

/** Links Ann's two accounts at a login, signs an operator in to the console, and opens the linked account there. */
async function atAnn(): Promise<{ operator: FlowBrowser; page: Visit }> {
  const ann = new FlowBrowser()
  await ann.press(await flow.annAtConfirm(ann), BUTTONS.link)
  await tenant.ended('auth0|ann')
  const operator = new FlowBrowser()
  await signInToConsole(flow, operator)
  return { operator, page: await findInConsole(operator, flow, 'ann@example.com') }
}

const identities = async (id: string) => (await tenant.user(id))?.identities.map(({ user_id }) => user_id)

/** The `data` of the last event of a type that the demo's webhook received. */
async function lastEvent(type: string): Promise<Record<string, unknown> | undefined> {
  const events = (await (await fetch(`${demo.tenant}/_tenant/events`)).json()) as {
    body: { type: string; data: Record<string, unknown> }
  }[]
  return events.findLast(({ body }) => body.type === type)?.body.data
}

describe('"Undo this link" and "Disconnect"', () => {
  it.each(['Undo this link', 'Disconnect'])('%s disconnects the identity, with a reason', async (button) => {
    const { operator, page } = await atAnn()
    const preview = await operator.press(page, button)
    expect(textOf(preview)).toContain('google-oauth2|ann-g leaves auth0|ann')
    expect(await identities('auth0|ann')).toHaveLength(2)
    const done = await operator.press(preview, button, REASON)
    expect(done.status).toBe(200)
    expect(errorCode(done)).toBeUndefined()
    expect(await identities('auth0|ann')).toEqual(['ann'])
    const alone = await tenant.user('google-oauth2|ann-g')
    expect(alone?.user_metadata).toEqual({ theme: 'light', newsletter: true })
    expect(textOf(done)).toContain(button === 'Disconnect' ? 'disconnected' : 'undone')
  })

  it('does nothing without a reason, or if the form’s digest is not that of the previewed change', async () => {
    const { operator, page } = await atAnn()
    const preview = await operator.press(page, 'Undo this link')
    expect(errorCode(await operator.press(preview, 'Undo this link', { Reason: ' ' }))).toBe('bad_request')
    preview.html.querySelector('input[name=digest]')?.setAttribute('value', '000000000000')
    expect(errorCode(await operator.press(preview, 'Undo this link', REASON))).toBe('changed')
    expect(await identities('auth0|ann')).toHaveLength(2)
  })

  it('makes the change once if two operators press the button at the same time', async () => {
    const { operator, page } = await atAnn()
    const other = new FlowBrowser()
    await signInToConsole(flow, other)
    const theirs = await findInConsole(other, flow, 'ann@example.com')
    const previews = await Promise.all([
      operator.press(page, 'Undo this link'),
      other.press(theirs, 'Undo this link'),
    ])
    const done = await Promise.all([
      operator.press(previews[0], 'Undo this link', REASON),
      other.press(previews[1], 'Undo this link', REASON),
    ])
    expect(done.map((visit) => errorCode(visit) ?? 'done').sort()).toEqual([
      expect.stringMatching(/busy|changed|done|not_linked/),
      expect.stringMatching(/not_linked|done/),
    ])
    expect(done.filter((visit) => errorCode(visit) === undefined)).toHaveLength(1)
    const unlinks = (await tenant.writes()).filter((write) => write.startsWith('unlink'))
    expect(unlinks).toHaveLength(1)
  })

  it('does nothing for an operator who lost the permission while the form was open', async () => {
    const { operator, page } = await atAnn()
    const preview = await operator.press(page, 'Undo this link')
    await tenant.administer('DELETE', 'auth0|olga', PERMISSION, '/permissions')
    expect((await operator.press(preview, 'Undo this link', REASON)).status).toBe(404)
    expect(await identities('auth0|ann')).toHaveLength(2)
  })

  it('asks for a new sign-in if the last one is more than ten minutes old', async () => {
    const { operator, page } = await atAnn()
    const preview = await operator.press(page, 'Undo this link')
    const sealer = createSealer({ current: demo.env.FLOW_SECRET ?? '', previous: undefined })
    const name = '__Host-console'
    const held = (await operator.jar.getCookies(demo.app)).find(({ key }) => key === name)
    const session = await sealer.unseal('console-session', held?.value ?? '')
    const now = Math.floor(Date.now() / 1000)
    const old = { ...(session as object), authTime: now - 601 }
    const sealed = await sealer.seal('console-session', old, now + 600)
    await operator.jar.setCookie(`${name}=${sealed}; Path=/; Secure; HttpOnly`, demo.app)
    for (const way of [page, preview]) {
      const fields = way === preview ? REASON : {}
      const next = await operator.press(way, 'Undo this link', fields, { stopAt: demo.tenant })
      expect(next.url.pathname).toBe('/authorize')
    }
    expect(await identities('auth0|ann')).toHaveLength(2)
  })

  it('sends an event with the operator and the reason, and without email addresses', async () => {
    const { operator, page } = await atAnn()
    await operator.press(await operator.press(page, 'Undo this link'), 'Undo this link', REASON)
    await expect
      .poll(() => lastEvent('operator.acted'))
      .toMatchObject({
        operator: 'auth0|olga',
        user_id: 'auth0|ann',
        other_user_id: 'google-oauth2|ann-g',
        act: 'undo',
        reason: 'Ticket 4711 of [address]',
      })
    expect(await lastEvent('operator.looked')).toMatchObject({ operator: 'auth0|olga', user_id: 'auth0|ann' })
    expect(await lastEvent('account.restored')).toMatchObject({ way: 'operator' })
  })
})

describe('the metadata values in a snapshot', () => {
  it('are shown only on request, and an event reports that', async () => {
    const { operator, page } = await atAnn()
    expect(textOf(page)).toContain('user_metadata.newsletter')
    expect(textOf(page)).not.toContain('2025-02-01')
    const link = page.html.querySelectorAll('a').find(({ text }) => text.trim() === 'Show values')
    const shown = await operator.visit(new URL(link?.getAttribute('href') ?? '', page.url))
    expect(textOf(shown)).toContain('{"started":"2025-02-01"}')
    await expect
      .poll(() => lastEvent('operator.looked'))
      .toMatchObject({ user_id: 'auth0|ann', reason: 'saw the values that a link has kept' })
  })
})

describe('the other acts', () => {
  it('clears a decline, so that the next login asks again', async () => {
    const ann = new FlowBrowser()
    await ann.press(await flow.annAtPrompt(ann), BUTTONS.never)
    const operator = new FlowBrowser()
    await signInToConsole(flow, operator)
    const list = await findInConsole(operator, flow, 'ann@example.com')
    for (const id of ['google-oauth2|ann-g', 'auth0|ann']) {
      const page = await operator.visit(url(linkTo(list, id)))
      if (!textOf(page).includes('Clear decline')) continue
      const done = await operator.press(await operator.press(page, 'Clear decline'), 'Clear decline', REASON)
      expect(textOf(done)).toContain('The decline is cleared.')
    }
    expect((await flow.annAtPrompt(new FlowBrowser())).url.pathname).toBe('/link/prompt')
  })

  it('ends sessions', async () => {
    await tenant.openSessions('auth0|dee', 2, 1)
    const operator = new FlowBrowser()
    await signInToConsole(flow, operator)
    const page = await findInConsole(operator, flow, 'dee@example.com')
    const done = await operator.press(await operator.press(page, 'End sessions'), 'End sessions', REASON)
    expect(errorCode(done)).toBeUndefined()
    await tenant.ended('auth0|dee')
    expect((await tenant.sessions()).filter(({ user_id }) => user_id === 'auth0|dee')).toEqual([])
  })

  it('gives back metadata that a restore has withheld', async () => {
    const held = {
      ...{ v: 2, at: 1_700_000_000, user_id: 'google-oauth2|ann-g' },
      ...{ user_metadata: {}, app_metadata: { tier: 'gold', plan: 'enterprise' } },
    }
    await tenant.administer('PATCH', 'auth0|ann', {
      app_metadata: { account_linking_held_0123456789ab: held },
    })
    const operator = new FlowBrowser()
    await signInToConsole(flow, operator)
    const list = await findInConsole(operator, flow, 'ann@example.com')
    const page = await operator.visit(url(linkTo(list, 'auth0|ann')))
    const done = await operator.press(await operator.press(page, 'Give back'), 'Give back', REASON)
    expect(errorCode(done)).toBeUndefined()
    // The account has a newer `plan` by now, which stays.
    expect((await tenant.user('google-oauth2|ann-g'))?.app_metadata).toMatchObject({
      tier: 'gold',
      plan: 'free',
    })
    expect(Object.keys((await tenant.user('auth0|ann'))?.app_metadata ?? {})).not.toContain(
      'account_linking_held_0123456789ab',
    )
  })

  it('offers no link unless OPERATOR_LINKS is on', async () => {
    const operator = new FlowBrowser()
    await signInToConsole(flow, operator)
    const list = await findInConsole(operator, flow, 'bea@example.com')
    const page = await operator.visit(url(linkTo(list, 'auth0|bea')))
    expect(page.html.querySelectorAll('button').map(({ text }) => text)).not.toContain('Link')
  })
})
