import type { QueryClient } from '@tanstack/react-query'
import { ApiProblem, type BodyOf, type components } from '@dvokrok/client'
import { client } from '../../client.ts'

export type AdminUser = components['schemas']['AdminUser']
export type Change = BodyOf<'/admin/users/{id}', 'patch'>

/** What an admin has read. Everything under it is read again after a change. */
export const ADMIN = 'admin'

export const listRoles = async (): Promise<string[]> => (await client.api.GET('/admin/roles')).data.items

export const readAccount = async (id: string): Promise<AdminUser> =>
  (await client.api.GET('/admin/users/{id}', { params: { path: { id } } })).data.user

/** Null for an account that is gone, or never was. */
export async function findAccount (id: string): Promise<AdminUser | null> {
  try {
    return await readAccount(id)
  } catch (error) {
    if (error instanceof ApiProblem && (error.code === 'NOT_FOUND' || error.code === 'VALIDATION_FAILED')) return null
    throw error
  }
}

export async function changeAccount (id: string, body: Change): Promise<void> {
  await client.api.PATCH('/admin/users/{id}', { params: { path: { id } }, body })
}

export async function deleteAccount (id: string, queries: QueryClient): Promise<void> {
  await client.api.DELETE('/admin/users/{id}', { params: { path: { id } } })
  queries.removeQueries({ queryKey: [ADMIN, 'account', id] })
}
