/**
 * During an upgrade (docs/upgrade.md), the service and the Action have different versions. These tests combine the current
 * ones with those of 0.1.0, which are in tests/fixtures/versions.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import * as old from '../fixtures/versions/0.1.0/contract.mjs'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, claimsOf, Flow, GOOGLE_ANN, type HeldLogin, PASSWORD_ANN } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'
import { methodsOf, noticeOf, Settings } from '../support/flow/settings'

const OLD_ACTION = fileURLToPath(new URL('../fixtures/versions/0.1.0/action.cjs', import.meta.url))
const withGoogle = { with: 'google-oauth2' }
const ANN = 'auth0|ann'
const GOOGLE = 'google-oauth2|ann-g'

/** A user's metadata without the keys that we write. */
const detailsOf = (user: { user_metadata?: object; app_metadata?: object } | undefined) => ({
  user_metadata: user?.user_metadata,
  app_metadata: Object.fromEntries(
    Object.entries(user?.app_metadata ?? {}).filter(([name]) => !/^account_linking(_|$)/.test(name)),
  ),
})

describe('the Action of 0.1.0 with the current service', () => {
  const own = ownDemo({ actions: [OLD_ACTION] })

  it('links once at a login, and signs in to the primary account', async () => {
    const { flow } = own
    const browser = new FlowBrowser()
    const done = await browser.press(await flow.annAtConfirm(browser), BUTTONS.link)
    expect(claimsOf(done).sub).toBe(ANN)
    expect((await flow.tenant.writes()).filter((write) => write.startsWith('link'))).toHaveLength(1)
    expect((await flow.tenant.user(ANN))?.identities).toHaveLength(2)
    const again = await flow.signIn(new FlowBrowser(), 'ann@example.com', withGoogle)
    expect(claimsOf(again).sub).toBe(ANN)
  })

  it('does not ask again after the person declined', async () => {
    const { flow } = own
    const browser = new FlowBrowser()
    const done = await browser.press(await flow.annAtPrompt(browser), BUTTONS.never)
    expect(claimsOf(done).sub).toBe(GOOGLE)
    const again = await flow.annAtPrompt(new FlowBrowser())
    expect(claimsOf(again).sub).toBe(GOOGLE)
  })

  it('links nothing if the proof is of another account', async () => {
    const { flow } = own
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    const wrong = await flow.prove(browser, prompt, 'dee@example.com')
    expect(claimsOf(await browser.press(wrong, BUTTONS.goOn)).sub).toBe(GOOGLE)
    expect((await flow.tenant.user(ANN))?.identities).toHaveLength(1)
  })

  it('leaves a snapshot from which the page restores everything', async () => {
    const { flow } = own
    const before = await Promise.all([ANN, GOOGLE].map((id) => flow.tenant.user(id)))
    const browser = new FlowBrowser()
    await browser.press(await flow.annAtConfirm(browser), BUTTONS.link)
    const ann = new Settings(flow, new FlowBrowser())
    const page = await ann.open('ann@example.com')
    expect(methodsOf(page)).toHaveLength(2)
    expect(noticeOf(await ann.disconnect(page, 'Undo'))).toMatch(/^Undone\./)
    const after = await Promise.all([ANN, GOOGLE].map((id) => flow.tenant.user(id)))
    expect(after.map((user) => user?.identities)).toEqual(before.map((user) => user?.identities))
    expect(after.map(detailsOf)).toEqual(before.map(detailsOf))
  })
})

describe('the current Action with the service of 0.1.0', () => {
  const flow = new Flow(inject('flowDemo'))
  const { tenant, demo } = flow
  beforeEach(() => tenant.reset())

  async function heldAnn() {
    const browser = new FlowBrowser()
    return { browser, held: await flow.hold(browser, 'ann@example.com', withGoogle) }
  }

  /** Continues the login with a response token as the service of 0.1.0 writes it. */
  async function answer(browser: FlowBrowser, { claims, state }: HeldLogin, said: object) {
    const now = Math.floor(Date.now() / 1000)
    const payload = {
      iss: demo.app,
      iat: now,
      exp: now + old.RESPONSE_TOKEN_LIFE,
      ...old.toResponsePayload({
        sub: claims.sub,
        state,
        tokenId: crypto.randomUUID(),
        transactionId: claims.txn,
        never: false,
        primary: undefined,
        secondary: undefined,
        ...said,
      }),
    }
    const url = new URL('/continue', demo.tenant)
    url.searchParams.set('state', state)
    return browser.visit(url, { method: 'POST', body: { session_token: await tenant.mint(payload) } })
  }
  const identityOf = ({ user_id: userId, ...rest }: typeof GOOGLE_ANN) => ({ userId, ...rest })

  it('writes a session token that the service reads in full', async () => {
    const { held } = await heldAnn()
    expect(old.parseSessionToken(held.claims)).toMatchObject({
      contract: 'own',
      sub: GOOGLE,
      transactionId: held.claims.txn,
      email: 'ann@example.com',
      current: identityOf(GOOGLE_ANN),
      candidates: [
        { ...identityOf(PASSWORD_ANN), hint: { stays: 'candidate', carried: 1, mfa: false, also: [] } },
      ],
    })
  })

  it('accepts its response token, and links', async () => {
    const { browser, held } = await heldAnn()
    const done = await answer(browser, held, {
      result: 'link',
      primary: identityOf(PASSWORD_ANN),
      secondary: identityOf(GOOGLE_ANN),
    })
    expect(claimsOf(done).sub).toBe(ANN)
    expect((await tenant.user(ANN))?.identities).toHaveLength(2)
  })

  it.each(['declined', 'failed', 'skipped'])(
    'accepts its response token without a link, and lets the login go on: %s',
    async (result) => {
      const { browser, held } = await heldAnn()
      const done = await answer(browser, held, { result, never: result === 'declined' })
      expect(claimsOf(done).sub).toBe(GOOGLE)
      expect((await tenant.user(ANN))?.identities).toHaveLength(1)
      const again = await flow.annAtPrompt(new FlowBrowser())
      expect(again.url.pathname).toBe(result === 'declined' ? '/callback' : '/link/prompt')
    },
  )

  it('links nothing if its response token is about another user', async () => {
    const { browser, held } = await heldAnn()
    const done = await answer(browser, held, {
      result: 'link',
      primary: identityOf({ ...PASSWORD_ANN, user_id: 'auth0|dee' }),
      secondary: identityOf(GOOGLE_ANN),
    })
    expect(claimsOf(done)).toMatchObject({ error: 'access_denied' })
    expect((await tenant.user(ANN))?.identities).toHaveLength(1)
  })
})

it('the current version is in the first line of the Action and in a header of /healthz', async () => {
  const { app } = inject('flowDemo')
  const { headers } = await fetch(`${app}/healthz`)
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  expect(headers.get('account-linking-version')).toBe(version)
  const action = readFileSync('action/dist/action.js', 'utf8')
  expect(action.split('\n')[0]).toBe(`// Account linking for Auth0: post-login Action, ${version}`)
})
