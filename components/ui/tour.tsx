import type { ReactNode } from 'react'
import { ButtonLink } from './button-link'

interface TourProps {
  /** Origins of the other application and of the local tenant. */
  addresses: { other: string; tenant: string }
}

/** The start page of the demo: what this is in three lines, the tour, and what else to try. */
export function Tour({ addresses: { other, tenant } }: TourProps) {
  const inspector = `${tenant}/_tenant/`
  return (
    <main className="mx-auto w-full max-w-4xl flex-1 px-5 py-10 sm:py-16">
      <h1 className="text-3xl font-semibold sm:text-4xl">One person, several ways in, one account</h1>
      <div className="mt-5 space-y-1 text-lg text-quiet">
        <p>Someone signs up with a password and comes back with Google: Auth0 now has two accounts.</p>
        <p>An Action notices at login, this service asks, and the other account is proven.</p>
        <p>Then the two are linked, nothing is lost, and the login ends where it began.</p>
      </div>

      <section aria-labelledby="tour" className="mt-12">
        <h2 id="tour" className="text-xl font-semibold">
          The tour, in two minutes
        </h2>
        <ol className="mt-5 divide-y divide-edge rounded-2xl border border-edge bg-raised">
          <Step number={1} title="Start a login in the other application">
            <p>It is a third party: it knows Auth0, and nothing of linking.</p>
            <div className="mt-3">
              <ButtonLink href={`${other}/login`} look="strong">
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

      <section aria-labelledby="connect" className="mt-14">
        <h2 id="connect" className="text-xl font-semibold">
          The other half: the person’s own page
        </h2>
        <p className="mt-2 text-quiet">
          What a signed-in person does without being asked. If you are still signed in as Ann, sign out first;
          the link is below.
        </p>
        <ol className="mt-5 divide-y divide-edge rounded-2xl border border-edge bg-raised">
          <Step number={1} title="Sign in here as Bea, with her password">
            <p>
              <Typed>bea@example.com</Typed>, <Typed>correct horse</Typed>; say <Typed>Not now</Typed> to the
              question.
            </p>
            <div className="mt-3">
              <ButtonLink href="/settings/connected-accounts" look="strong">
                Open the sign-in methods
              </ButtonLink>
            </div>
          </Step>
          <Step number={2} title="Connect her GitHub account">
            <p>
              Press <Typed>This is me</Typed> beside GitHub, choose <Typed>bea@example.com</Typed>, and read
              what is carried over before you say <Typed>Connect</Typed>.
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

      <section aria-labelledby="more" className="mt-14">
        <h2 id="more" className="text-xl font-semibold">
          What else to try
        </h2>
        <p className="mt-2 text-quiet">
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
    <li className="flex gap-4 px-5 py-5 sm:px-6">
      <span
        aria-hidden="true"
        className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-soft font-semibold text-accent-ink"
      >
        {number}
      </span>
      <div className="min-w-0">
        <h3 className="pt-0.5 font-semibold leading-7">{title}</h3>
        <div className="text-quiet">{children}</div>
      </div>
    </li>
  )
}

function Idea({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="rounded-2xl border border-edge bg-raised px-5 py-4">
      <dt className="font-semibold">{name}</dt>
      <dd className="mt-1 text-quiet">{children}</dd>
    </div>
  )
}

function Typed({ children }: { children: ReactNode }) {
  return <strong className="font-medium text-ink">{children}</strong>
}

function TextLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} className="text-accent-ink underline underline-offset-4">
      {children}
    </a>
  )
}
