import { Actions } from './actions'
import { ButtonLink } from './button-link'
import { Page } from './page'

/** The words of the start page. */
export interface WelcomeWords {
  title: string
  lead: string
  methods: string
}

/** The start page of a real installation: what this is, and the way to the settings. */
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
