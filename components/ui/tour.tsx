import type { ReactNode } from 'react'
import { ButtonLink } from './button-link'

interface TourProps {
  /** Origins of the other application and of the local tenant. */
  addresses: { other: string; tenant: string }
}

/** The start page of the demo: a short introduction, the tour, and what else to try. */
export function Tour({ addresses: { other, tenant } }: TourProps) {
  const inspector = `${tenant}/_tenant/`
  return (
    <main lang="en" dir="ltr">
      <h1>One person, several ways in, one account</h1>
      <div className="quiet">
        <p>Someone signs up with a password and comes back with Google: Auth0 now has two accounts.</p>
        <p>An Action notices at login, this service asks, and the other account is proven.</p>
        <p>Then the two are linked, nothing is lost, and the login ends where it began.</p>
      </div>

      <section aria-labelledby="tour" className="mt-8">
        <h2 id="tour">The tour, in two minutes</h2>
        <ol className="tiles">
          <Step number={1} title="Start a login in the other application">
            <p>It is a third party: it knows Auth0, and nothing of linking.</p>
            <div className="mt-3">
              <ButtonLink href={`${other}/login`} look="main">
                Open the other application
              </ButtonLink>
            </div>
          </Step>
          <Step number={2} title="Sign in as Ann, with Google">
            <p>
              Choose <Typed>Continue with Google</Typed>, then <Typed>ann@example.com</Typed>.
            </p>
          </Step>
          <Step number={3} title="You are asked about her password account">
            <p>
              Say <Typed>Link accounts</Typed> and prove it is yours: the password is{' '}
              <Typed>correct horse</Typed>.
            </p>
          </Step>
          <Step number={4} title="Confirm, and land signed in">
            <p>The login ends in the application where it began, as one person with two ways in.</p>
          </Step>
          <Step number={5} title="Look at what happened">
            <p>
              <TextLink href={inspector}>The inspector</TextLink> shows the tenant before and after;{' '}
              <TextLink href="/settings/connected-accounts">Ann&rsquo;s sign-in methods</TextLink> show her
              the same.
            </p>
          </Step>
        </ol>
      </section>

      <section aria-labelledby="connect" className="mt-8">
        <h2 id="connect">The other half: the person’s own page</h2>
        <p className="quiet">
          What a signed-in person does without being asked. If you are still signed in as Ann, sign out first;
          the link is below.
        </p>
        <ol className="tiles">
          <Step number={1} title="Sign in here as Bea, with her password">
            <p>
              <Typed>bea@example.com</Typed>, <Typed>correct horse</Typed>; say <Typed>Not now</Typed> to the
              question.
            </p>
            <div className="mt-3">
              <ButtonLink href="/settings/connected-accounts" look="main">
                Open the sign-in methods
              </ButtonLink>
            </div>
          </Step>
          <Step number={2} title="Connect her GitHub account">
            <p>
              Press <Typed>Connect</Typed> beside GitHub, choose <Typed>bea@example.com</Typed>, and read what
              is copied before you say <Typed>Connect</Typed>.
            </p>
          </Step>
          <Step number={3} title="Undo it">
            <p>
              Press <Typed>Undo</Typed> beside GitHub: both accounts are as they were.{' '}
              <TextLink href={`${inspector}#notices`}>The notices</TextLink> that would have gone out are in
              the inspector.
            </p>
          </Step>
        </ol>
      </section>

      <section aria-labelledby="more" className="mt-8">
        <h2 id="more">What else to try</h2>
        <p className="quiet">
          Every password is <Typed>correct horse</Typed>. Sign in{' '}
          <TextLink href={`${other}/login`}>there</TextLink> or{' '}
          <TextLink href="/auth/login?returnTo=/settings/connected-accounts">here</TextLink>;{' '}
          <TextLink href="/auth/logout">sign out</TextLink> in between.
        </p>
        <dl className="mt-5 grid gap-4 sm:grid-cols-2">
          <Idea name="Bea">
            Google, GitHub and password: one is linked now, the next is offered at the next login.
          </Idea>
          <Idea name="Cy">His password account is unverified, so he is never asked.</Idea>
          <Idea name="Fay">
            Her password account has a second factor, so a login with Google asks her nothing. The page
            “Sign-in methods” does; the code is always 000000.
          </Idea>
          <Idea name="Not now">The login goes on unlinked, and nobody asks again for a month.</Idea>
          <Idea name="A wrong account">
            Prove another account than the one you were asked about, and see that nothing is linked.
          </Idea>
          <Idea name="In this browser only">
            <TextLink href="/settings/connected-accounts/browser">A page</TextLink> links two accounts between
            browser and tenant, without a server.
          </Idea>
          <Idea name="Another Action">
            <code className="font-mono text-sm [overflow-wrap:anywhere]">npm run demo -- --action FILE</code>{' '}
            runs yours instead.
          </Idea>
        </dl>
      </section>
    </main>
  )
}

function Step({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <li className="tile flex-nowrap items-start">
      <span aria-hidden="true" className="mark shrink-0 font-semibold">
        {number}
      </span>
      <div className="min-w-0">
        <h3 className="pt-1 font-semibold">{title}</h3>
        <div>{children}</div>
      </div>
    </li>
  )
}

function Idea({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="note m-0">
      <dt className="font-semibold">{name}</dt>
      <dd className="quiet">{children}</dd>
    </div>
  )
}

function Typed({ children }: { children: ReactNode }) {
  return <strong className="font-medium">{children}</strong>
}

function TextLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} className="underline underline-offset-4">
      {children}
    </a>
  )
}
