import type { ModuleWeb } from '#platform/ui/web';
import { both, identityWords } from './words.ts';

const hidden = { face: 'resident', listed: false } as const;

/** Sign-in, account, bodies with their members, keys and applications. */
export const web: ModuleWeb = {
  words: [identityWords],
  pages: [
    {
      path: '/sign-in',
      title: both('signInTitle'),
      ...hidden,
      load: async () => (await import('./sign-in/sign-in.tsx')).SignIn,
    },
    {
      path: '/recover',
      title: both('recoverTitle'),
      ...hidden,
      load: async () => (await import('./sign-in/recover.tsx')).Recover,
    },
    {
      path: '/account',
      title: both('account'),
      ...hidden,
      load: async () => (await import('./account/account.tsx')).Account,
    },
    {
      path: '/consent',
      title: both('consentTitle'),
      ...hidden,
      load: async () => (await import('./provider/consent.tsx')).ConsentPage,
    },
    {
      path: '/device',
      title: both('deviceTitle'),
      ...hidden,
      load: async () => (await import('./provider/device.tsx')).DevicePage,
    },
    {
      path: '/sign-out',
      title: both('signOutTitle'),
      ...hidden,
      load: async () => (await import('./provider/sign-out.tsx')).SignOut,
    },
    {
      path: '/sign-in-problem',
      title: both('problemTitle'),
      ...hidden,
      load: async () => (await import('./provider/problem.tsx')).SignInProblem,
    },
    {
      path: '/work/bodies',
      title: both('bodies'),
      about: both('bodiesAbout'),
      face: 'work',
      order: 60,
      load: async () => (await import('./bodies/bodies.tsx')).Bodies,
    },
    {
      path: '/work/people',
      title: both('people'),
      about: both('peopleAbout'),
      face: 'work',
      order: 61,
      load: async () => (await import('./people/people.tsx')).PeoplePage,
    },
    {
      path: '/developers/keys',
      title: both('keys'),
      about: both('keysAbout'),
      face: 'developers',
      order: 20,
      load: async () => (await import('./keys/keys.tsx')).Keys,
    },
  ],
};
