/** The operator's name and logo. */
export interface BrandView {
  name: string
  /** A data URI, or a path of this app; undefined if there is no logo. */
  logo: string | undefined
}

/** Shows the operator's logo and name. Without a logo, it shows the first letter of the name instead. */
export function Brand({ brand: { name, logo } }: { brand: BrandView }) {
  return (
    <>
      {logo ? (
        // biome-ignore lint/performance/noImgElement: inlined, or served as it is
        <img src={logo} alt="" />
      ) : (
        <span className="letter" aria-hidden="true">
          {[...name][0]?.toUpperCase()}
        </span>
      )}
      <span>{name}</span>
    </>
  )
}
