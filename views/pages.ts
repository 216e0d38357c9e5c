export type Role = 'admin' | 'member' | 'viewer';
export type PageGroup = 'watch' | 'use' | 'models' | 'admin';

interface PageEntry {
  /** Without a slash in front, as every address in a page: the document's base says where we are. */
  path: string;
  group: PageGroup;
  roles: readonly Role[];
  /** With `g` before it, the keys that lead there. */
  key: string;
  /** False until there is one: it is left out of the navigation. */
  isBuilt: boolean;
}

const EVERYBODY = ['admin', 'member', 'viewer'] as const;
const OVERSEERS = ['admin', 'viewer'] as const;
const ADMINS = ['admin'] as const;

/** Every page of the dashboard, in the order of the navigation, and who may see it: the guard and the menu both ask here. */
export const PAGES = {
  overview: {
    ...{ path: 'dashboard', group: 'watch', roles: EVERYBODY, key: 'o' },
    isBuilt: true,
  },
  requests: {
    ...{ path: 'dashboard/requests', group: 'watch', roles: EVERYBODY, key: 'r' },
    isBuilt: true,
  },
  keys: {
    ...{ path: 'dashboard/keys', group: 'use', roles: EVERYBODY, key: 'k' },
    isBuilt: true,
  },
  playground: {
    ...{ path: 'dashboard/playground', group: 'use', roles: ['admin', 'member'], key: 'y' },
    isBuilt: true,
  },
  providers: {
    ...{ path: 'dashboard/providers', group: 'models', roles: OVERSEERS, key: 'p' },
    isBuilt: true,
  },
  models: {
    ...{ path: 'dashboard/models', group: 'models', roles: EVERYBODY, key: 'm' },
    isBuilt: true,
  },
  changelog: {
    ...{ path: 'dashboard/changelog', group: 'models', roles: EVERYBODY, key: 'c' },
    isBuilt: true,
  },
  routing: {
    ...{ path: 'dashboard/routing', group: 'models', roles: EVERYBODY, key: 't' },
    isBuilt: true,
  },
  users: {
    ...{ path: 'dashboard/users', group: 'admin', roles: ADMINS, key: 'u' },
    isBuilt: true,
  },
  audit: {
    ...{ path: 'dashboard/audit', group: 'admin', roles: ADMINS, key: 'a' },
    isBuilt: true,
  },
  settings: {
    ...{ path: 'dashboard/settings', group: 'admin', roles: ADMINS, key: 's' },
    isBuilt: true,
  },
  status: {
    ...{ path: 'dashboard/status', group: 'admin', roles: OVERSEERS, key: 'h' },
    isBuilt: true,
  },
} as const satisfies Record<string, PageEntry>;

export type PageId = keyof typeof PAGES;

export function maySee(role: Role, page: PageId): boolean {
  const roles: readonly Role[] = PAGES[page].roles;
  return roles.includes(role);
}

/** What the navigation of somebody shows. */
export function pagesFor(role: Role): { id: PageId; path: string; group: PageGroup; key: string }[] {
  const ids = Object.keys(PAGES).filter((id): id is PageId => id in PAGES);
  return ids.filter((id) => PAGES[id].isBuilt && maySee(role, id)).map((id) => ({ id, ...PAGES[id] }));
}
