import { lazy, useEffect } from 'react'
import { BrowserRouter, Navigate, Route, Routes } from 'react-router'
import { chooseLocale, LanguageProvider, loadSettingsWords, useCurrentLanguage } from '../i18n/index.ts'
import { LoginPage } from '../pages/login.tsx'
import { NotFoundPage } from '../pages/not-found.tsx'
import { useSession } from '../session/session.ts'
import { GuestOnly, SignedInOnly } from './guards.tsx'
import { Layout } from './layout.tsx'
import { serverConfig } from './server-config.ts'
import { warmUp } from './warm-up.ts'

// The login page is in the first bundle; the others are loaded on demand and prefetched by warm-up.ts.
const RegisterPage = lazy(async () => await import('../pages/register.tsx'))
const VerifyOtpPage = lazy(async () => await import('../pages/verify-otp.tsx'))
const ForgotPasswordPage = lazy(async () => await import('../pages/forgot-password.tsx'))
const SignedInLayout = lazy(async () => await import('./signed-in-layout.tsx'))
const SettingsPage = lazy(async () => {
  const [page] = await Promise.all([import('../pages/settings.tsx'), loadSettingsWords()])
  return page
})
const DisownPage = lazy(async () => await import('../pages/disown.tsx'))
const InvitationPage = lazy(async () => (await Promise.all([import('../pages/invitation.tsx'), loadSettingsWords()]))[0])
const ConfirmEmailPage = lazy(async () => (await Promise.all([import('../pages/confirm-email.tsx'), loadSettingsWords()]))[0])
const LogoutPage = lazy(async () => await import('../pages/logout.tsx'))
const AdminOnlyPage = lazy(async () => (await Promise.all([import('../pages/admin-only.tsx'), loadSettingsWords()]))[0])
const DashboardPage = lazy(async () => await import('../pages/dashboard.tsx'))

export function App () {
  const language = useCurrentLanguage()
  const session = useSession()
  const profileLocale = session.status === 'signed-in' ? session.user.locale : null
  useEffect(() => { if (profileLocale) chooseLocale(profileLocale).catch(reportError) }, [profileLocale])
  useEffect(warmUp, [])
  if (!language) return null
  return (
    <LanguageProvider value={language}>
      <BrowserRouter basename={serverConfig.basePath}>
        <Routes>
          <Route element={<Layout />}>
            <Route index element={<Navigate to='/dashboard' replace />} />
            <Route element={<GuestOnly />}>
              <Route path='login' element={<LoginPage />} />
              <Route path='register' element={<RegisterPage />} />
              <Route path='forgot-password' element={<ForgotPasswordPage />} />
              <Route path='verify-otp' element={<VerifyOtpPage />} />
            </Route>
            <Route path='logout' element={<LogoutPage />} />
            <Route path='disown' element={<DisownPage />} />
            <Route path='invitation' element={<InvitationPage />} />
            <Route path='confirm-email' element={<ConfirmEmailPage />} />
            <Route element={<SignedInOnly />}>
              <Route element={<SignedInLayout />}>
                <Route path='dashboard' element={<DashboardPage />} />
                <Route path='settings' element={<SettingsPage />} />
                <Route path='admin/*' element={<AdminOnlyPage />} />
              </Route>
            </Route>
            <Route path='*' element={<NotFoundPage />} />
          </Route>
        </Routes>
      </BrowserRouter>
    </LanguageProvider>
  )
}
