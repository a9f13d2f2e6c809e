import type { ReactNode } from 'react'
import { pageMessages } from '@/app/_messages'
import { currentWayBack } from '@/app/settings/_way-back'
import { WayBackLink } from '@/components/ui/way-back'

/** Shows the return link to the application that the person came from, if there is one, above every page of "Sign-in methods". */
export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const { link } = await currentWayBack()
  const { settings } = await pageMessages()
  return (
    <>
      {link && <WayBackLink href={link.href} label={settings.backTo({ application: link.application })} />}
      {children}
    </>
  )
}
