'use client'

import { AccountSlots } from '@/components/browser-linking/account-slots'
import { CertificateNote } from '@/components/browser-linking/certificate-note'
import { Page } from '@/components/ui/page'
import { SIGN_IN_METHODS_PATH } from '@/lib/sign-in-methods/paths'
import { toAccountView } from './_flow/account-view'
import type { BrowserLinkingClient } from './_flow/client'
import type { BrowserLinkRules } from './_flow/decide-browser-link'
import type { KnownAccount } from './_flow/flow'
import { useBrowserLinking } from './_flow/use-browser-linking'
import type { BrowserLinkingWords } from './_flow/words'
import { CurrentStep } from './current-step'

interface BrowserLinkingProps {
  client: BrowserLinkingClient
  rules: BrowserLinkRules
  words: BrowserLinkingWords
  /** In the demo, a URL whose certificate the person must accept first. */
  certificateOf: string | undefined
}

/** The page that links two accounts in the browser, without our server. */
export function BrowserLinking({ client, rules, words, certificateOf }: BrowserLinkingProps) {
  const linking = useBrowserLinking(client, rules)
  const { flow } = linking
  const view = (account: KnownAccount | undefined) => account && toAccountView(account, words)
  return (
    <Page error={flow.code}>
      <h1>{words.title}</h1>
      <p className="quiet">{words.intro}</p>
      <noscript>
        <p className="note warn">
          {words.needsScript}{' '}
          <a href={SIGN_IN_METHODS_PATH} className="touch">
            {words.methods}
          </a>
        </p>
      </noscript>
      {certificateOf && (flow.step === 'first' || flow.code) && (
        <CertificateNote words={words.demo} address={certificateOf} />
      )}
      {flow.step !== 'done' && (
        <AccountSlots
          notSignedIn={words.notSignedIn}
          slots={[
            { part: words.first, account: view(flow.first) },
            { part: words.other, account: view(flow.other) },
          ]}
        />
      )}
      <CurrentStep linking={linking} words={words} />
    </Page>
  )
}
