import { createContext, useContext } from 'react'

/** The operator's own roles. */
export const RolesContext = createContext<string[]>([])
export const useOwnRoles = (): string[] => useContext(RolesContext)
