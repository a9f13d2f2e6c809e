import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { currentWayBack } from '@/app/settings/_way-back'
import { WayBackLink } from '@/components/ui/way-back'
import { chooseMessages } from '@/lib/messages'

/** The link back to the application that the person came from, if there is one, above every page of "Sign-in methods". */
export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const { link } = await currentWayBack()
  const { settings } = chooseMessages({ headers: await headers() })
  return (
    <>
      {link && <WayBackLink href={link.href} label={settings.backTo({ application: link.application })} />}
      {children}
    </>
  )
}
