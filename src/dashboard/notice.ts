import type { Copy } from '../../views/copy/index.ts';
import type { PlainFrame } from '../../views/frame.ts';

const PARAMETER = 'done';

/**
 * What a form has done, said by the page it leads to: `?done=key-revoked`. The address holds a word of this list and never a
 * text, so nobody can make a page of ours say what they want.
 */
const NOTICES = {
  'key-revoked': (t: Copy) => t.keys.revokedNotice,
  'key-restored': (t: Copy) => t.keys.restoredNotice,
  'key-saved': (t: Copy) => t.keys.savedNotice,
  'invitation-withdrawn': (t: Copy) => t.people.withdrawnNotice,
  'role-changed': (t: Copy) => t.people.roleNotice,
  'user-disabled': (t: Copy) => t.people.disabledNotice,
  'user-enabled': (t: Copy) => t.people.enabledNotice,
  'user-limits': (t: Copy) => t.people.limitsNotice,
  'signed-out': (t: Copy) => t.people.signedOutNotice,
  'name-changed': (t: Copy) => t.people.nameNotice,
  'password-changed': (t: Copy) => t.people.passwordNotice,
  'settings-saved': (t: Copy) => t.operations.settings.savedNotice,
  'provider-connected': (t: Copy) => t.providers.connectedNotice,
  'strategy-changed': (t: Copy) => t.routing.changedNotice,
  'key-policy-saved': (t: Copy) => t.policy.saved,
  'policy-saved': (t: Copy) => t.replay.savedNotice,
  'provider-removed': (t: Copy) => t.providers.removedNotice,
  'provider-weight': (t: Copy) => t.providers.weightNotice,
  'server-saved': (t: Copy) => t.providers.serverSavedNotice,
  'model-pinned': (t: Copy) => t.models.pinnedNotice,
  'model-unpinned': (t: Copy) => t.models.unpinnedNotice,
  'model-overridden': (t: Copy) => t.models.overrideNotice,
  'override-cleared': (t: Copy) => t.models.clearedNotice,
  'update-started': (t: Copy) => t.changelog.startedNotice,
  'price-rejected': (t: Copy) => t.changelog.rejectedNotice,
  'server-removed': (t: Copy) => t.providers.serverRemovedNotice,
} as const satisfies Record<string, (t: Copy) => string>;

export type NoticeCode = keyof typeof NOTICES;

/** The address of a page that says, once it is reached, what has been done. */
export function withNotice(path: string, code: NoticeCode): string {
  return `${path}${path.includes('?') ? '&' : '?'}${PARAMETER}=${code}`;
}

export function readNotice(request: Request, { t }: PlainFrame): string | null {
  const code = new URL(request.url).searchParams.get(PARAMETER);
  const found = Object.entries(NOTICES).find(([name]) => name === code);
  return found ? found[1](t) : null;
}
