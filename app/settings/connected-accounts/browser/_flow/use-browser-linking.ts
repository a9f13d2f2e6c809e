import { useEffect, useRef, useState } from 'react'
import { type Auth0, type BrowserLinkingClient, loadAuth0 } from './client'
import type { BrowserLinkRules } from './decide-browser-link'
import { afterLink, afterSignIn, beginning, type Flow, leaving, START } from './flow'
import { linkAccounts } from './link-accounts'
import { type OpenSignIn, openSignIn } from './sign-in-popup'

/** The page's state, and what a person can do in it: nothing but {@link BrowserLinking.cancel} while it is busy. */
export interface BrowserLinking {
  flow: Flow
  /** Whether the library is there; before that nothing can be pressed. */
  isReady: boolean
  /** Opens the sign-in window that the step asks for. */
  signIn: () => void
  /** Closes it. */
  cancel: () => void
  link: () => void
  startAgain: () => void
}

/**
 * Linking in the browser alone. Tokens are in this state and nowhere else, and are gone when the page is left.
 *
 * @param client - Of this page.
 * @param rules - Of the operator.
 */
export function useBrowserLinking(client: BrowserLinkingClient, rules: BrowserLinkRules): BrowserLinking {
  const [flow, setFlow] = useState<Flow>(START)
  const [auth0, setAuth0] = useState<Auth0>()
  const open = useRef<OpenSignIn>(undefined)

  useEffect(() => {
    // Loaded ahead: a window opens only while a press is handled.
    loadAuth0().then(setAuth0, () => setFlow({ ...START, code: 'internal' }))
    const leave = () => {
      const abandoned = open.current
      open.current = undefined
      abandoned?.close()
      setFlow(leaving)
    }
    // A page that the browser keeps for going back to would keep the tokens, too.
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
      setFlow(beginning)
      const result = await opened.result
      if (open.current !== opened) return
      open.current = undefined
      setFlow((waiting) => afterSignIn(waiting, result, rules))
    },
    cancel: () => open.current?.close(),
    async link() {
      if (!auth0 || flow.step !== 'confirm') return
      setFlow(beginning)
      const { first, other } = flow
      const api = new auth0.Management({ domain: client.domain, token: first.accessToken })
      const code = await linkAccounts(api, first, other)
      setFlow((waiting) => afterLink(waiting, code))
    },
    startAgain: () => setFlow(START),
  }
}
