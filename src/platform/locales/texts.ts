import type admin from './en/admin.json'
import type mails from './en/mails.json'
import type messages from './en/messages.json'
import type pages from './en/pages.json'
import type refusals from './en/refusals.json'
import type settings from './en/settings.json'
import type { TextArgs } from './text-args.ts'

type Key = keyof (typeof admin & typeof mails & typeof messages & typeof pages & typeof refusals & typeof settings)
type Head<Path extends string> = Path extends `${infer First}.${string}` ? First : Path
type Tail<Path extends string, First extends string> = Path extends `${First}.${infer Rest}` ? Rest : never
type Sentence<Path extends string> = Path extends keyof TextArgs ? (args: TextArgs[Path]) => string : string
type Tree<Path extends string, Above extends string = ''> = {
  [Name in Head<Path>]: [Tail<Path, Name>] extends [never] ? Sentence<`${Above}${Name}`> : Tree<Tail<Path, Name>, `${Above}${Name}.`>
}

/** Every sentence, as the keys of the English files order them: text, or a function of what the sentence names. */
export type Texts = Tree<Key>

/** The parts in which the pages load their sentences: the first with every page, the others where they are needed. */
export type PageArea = 'pages' | 'settings' | 'admin'
