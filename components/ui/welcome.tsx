import { Actions } from './actions'
import { ButtonLink } from './button-link'
import { Page } from './page'

/** The sentences of the start page. */
export interface WelcomeWords {
  title: string
  lead: string
  methods: string
}

/** The start page outside of the demo: an introduction, and a link to the sign-in methods. */
export function Welcome({ words }: { words: WelcomeWords }) {
  return (
    <Page>
      <h1>{words.title}</h1>
      <p className="quiet">{words.lead}</p>
      <Actions>
        <ButtonLink href="/settings/connected-accounts" look="main">
          {words.methods}
        </ButtonLink>
      </Actions>
    </Page>
  )
}
