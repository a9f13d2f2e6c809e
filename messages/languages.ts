// Written by `npm run messages` from the files of this folder.

/** Loads the sentences of a language, by its tag. */
export const LANGUAGE_FILES = {
  en: () => import('./en.json'),
}
