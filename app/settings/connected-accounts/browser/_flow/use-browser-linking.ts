import { useEffect, useRef, useState } from 'react'
import { type Auth0, type BrowserLinkingClient, loadAuth0 } from './client'
import type { BrowserLinkRules } from './decide-browser-link'
import { afterLink, afterSignIn, type Flow, INITIAL_STATE, stateAfterLeaving, toBusyState } from './flow'
import { linkAccounts } from './link-accounts'
import { type OpenSignIn, openSignIn } from './sign-in-popup'

/**
 * The page's state, and the actions that a person can take. While the page is busy, only {@link BrowserLinking.cancel} is
 * allowed.
 */
export interface BrowserLinking {
  flow: Flow
  /** Whether auth0.js is loaded. Until then all buttons are disabled. */
  isReady: boolean
  /** Opens the sign-in window for the current step. */
  signIn: () => void
  /** Closes the sign-in window. */
  cancel: () => void
  link: () => void
  startAgain: () => void
}

/**
 * Linking in the browser alone. Tokens exist only in this state, and are dropped when the person leaves the page.
 *
 * @param client - The public client of this page.
 * @param rules - The operator's rules.
 */
export function useBrowserLinking(client: BrowserLinkingClient, rules: BrowserLinkRules): BrowserLinking {
  const [flow, setFlow] = useState<Flow>(INITIAL_STATE)
  const [auth0, setAuth0] = useState<Auth0>()
  const open = useRef<OpenSignIn>(undefined)

  useEffect(() => {
    // Load auth0.js before the first click, because a window must be opened in the click handler itself.
    loadAuth0().then(setAuth0, () => setFlow({ ...INITIAL_STATE, code: 'internal' }))
    const leave = () => {
      const abandoned = open.current
      open.current = undefined
      abandoned?.close()
      setFlow(stateAfterLeaving)
    }
    // Drop the tokens here too: the browser may keep the whole page in memory for the back button.
    window.addEventListener('pagehide', leave)
    return () => {
      window.removeEventListener('pagehide', leave)
      leave()
    }
  }, [])

  return {
    flow,
    isReady: auth0 !== undefined,
    async signIn() {
      if (!auth0) return
      const opened = openSignIn(auth0, client, flow.step === 'first')
      open.current = opened
      setFlow(toBusyState)
      const result = await opened.result
      if (open.current !== opened) return
      open.current = undefined
      setFlow((waiting) => afterSignIn(waiting, result, rules))
    },
    cancel: () => open.current?.close(),
    async link() {
      if (!auth0 || flow.step !== 'confirm') return
      setFlow(toBusyState)
      const { first, other } = flow
      const api = new auth0.Management({ domain: client.domain, token: first.accessToken })
      const code = await linkAccounts(api, first, other)
      setFlow((waiting) => afterLink(waiting, code))
    },
    startAgain: () => setFlow(INITIAL_STATE),
  }
}
