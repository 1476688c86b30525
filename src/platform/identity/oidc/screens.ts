import type { Client, ErrorOut, KoaContextWithOIDC } from 'oidc-provider';

/**
 * Where the provider would write a page of its own, the person is sent to one of ours. What a form there needs goes after
 * the #, which stays in the browser.
 */
const goTo = (ctx: KoaContextWithOIDC, page: string, facts: Readonly<Record<string, string>>) => {
  ctx.status = 303;
  ctx.redirect(`${page}#${new URLSearchParams(facts)}`);
};

const xsrfOf = (form: string): string => /name="xsrf" value="([^"]*)"/.exec(form)?.[1] ?? '';

/** Asks whether to sign out, here and at the application that asks (OpenID Connect RP-Initiated Logout 1.0). */
export const signOutForm = async (ctx: KoaContextWithOIDC, form: string): Promise<void> => {
  const application = ctx.oidc.client?.clientName ?? '';
  goTo(ctx, '/sign-out', { xsrf: xsrfOf(form), ...(application && { application }) });
};

export const signedOut = async (ctx: KoaContextWithOIDC): Promise<void> => {
  goTo(ctx, '/sign-out', { done: 'yes' });
};

/** Takes the code that a device shows, and then asks whether it is that device (RFC 8628 §3.3). */
export const deviceForm = async (
  ctx: KoaContextWithOIDC,
  form: string,
  last?: ErrorOut | Client,
  _info?: unknown,
  code?: unknown,
): Promise<void> => {
  const xsrf = xsrfOf(form);
  if (last && 'clientId' in last)
    goTo(ctx, '/device', {
      xsrf,
      code: String(code),
      application: last.clientName ?? last.clientId,
      zh: String(last.metadata()['name_zh'] ?? ''),
    });
  else goTo(ctx, '/device', { xsrf, ...(last && { problem: 'yes' }) });
};

export const deviceDone = async (ctx: KoaContextWithOIDC): Promise<void> => {
  goTo(ctx, '/device', { done: 'yes' });
};

/** Where nobody may be sent back to, the person is told. Programs get the same as JSON (RFC 6749 §4.1.2.1). */
export const somethingWrong = async (ctx: KoaContextWithOIDC, out: ErrorOut): Promise<void> => {
  goTo(ctx, '/sign-in-problem', {
    error: out.error,
    ...(out.error_description !== undefined && { description: out.error_description }),
  });
};
