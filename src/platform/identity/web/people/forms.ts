import type { FormSchema } from '#platform/ui/web';
import { both } from '../words.ts';

/** A new account. */
export const PERSON: FormSchema = {
  type: 'object',
  required: ['signInName'],
  properties: {
    signInName: { type: 'string', minLength: 1, maxLength: 100, 'x-label': both('personSignIn') },
    name: { type: 'string', maxLength: 200, 'x-label': both('personName') },
    role: {
      type: 'string',
      enum: ['developer', 'operator', 'administrator'],
      'x-choices': {
        developer: both('role_developer'),
        operator: both('role_operator'),
        administrator: both('role_administrator'),
      },
      'x-label': both('personRoles'),
    },
  },
};

/** A document that an official looks at. */
export const CHECK: FormSchema = {
  type: 'object',
  required: ['kind', 'number', 'name'],
  properties: {
    kind: {
      type: 'string',
      enum: ['resident-id', 'passport', 'residence-permit'],
      'x-choices': {
        'resident-id': both('check_resident'),
        passport: both('check_passport'),
        'residence-permit': both('check_permit'),
      },
      'x-label': both('checkKind'),
    },
    number: { type: 'string', minLength: 4, maxLength: 40, 'x-label': both('checkNumber') },
    name: { type: 'string', minLength: 1, maxLength: 200, 'x-label': both('checkName') },
  },
};
