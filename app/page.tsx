import { pageBrand } from '@/app/_brand'
import { pageMessages } from '@/app/_messages'
import { Tour } from '@/components/ui/tour'
import { Welcome } from '@/components/ui/welcome'
import { demoAddresses } from './demo-addresses'

/** The start page: an introduction, or in the demo the tour. */
export default async function StartPage() {
  const demo = demoAddresses()
  if (demo) return <Tour addresses={demo} />
  const { welcome } = (await pageMessages()).pages
  return <Welcome words={{ ...welcome, lead: welcome.lead({ brand: (await pageBrand()).name }) }} />
}
