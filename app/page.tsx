import { Tour } from '@/components/ui/tour'
import { Welcome } from '@/components/ui/welcome'
import { config } from '@/lib/config/config'
import { demoAddresses } from './demo-addresses'

/** The start page: what this is, and in the demo the tour. */
export default function StartPage() {
  const demo = demoAddresses()
  return demo ? <Tour addresses={demo} /> : <Welcome brandName={config().brandName} />
}
