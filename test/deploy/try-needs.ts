const TOOLS = ['debootstrap', 'caddy', 'chroot', 'setpriv', 'unshare', 'ip'];
const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;

/** What keeps images from being built without an engine on this machine, in a sentence; null when nothing does. */
export function whatIsMissing(): string | null {
  if (process.getuid?.() !== 0) return 'building images without an engine needs root';
  const missing = TOOLS.filter((tool) => Bun.which(tool, { PATH }) === null);
  if (missing.length > 0) return `building images without an engine needs ${missing.join(', ')} (apt-get install)`;
  const mayMount = Bun.spawnSync(['unshare', '--mount', '--net', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).success;
  return mayMount ? null : 'this machine lets nobody mount anything';
}
