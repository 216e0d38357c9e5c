import { Tabs } from '../components/page-head.tsx';
import type { Frame } from '../layout.tsx';

/** How the gateway chooses now, and what another way would have cost. */
export const RoutingTabs = ({ frame, current }: { frame: Frame; current: 'now' | 'replay' }) => (
  <Tabs
    label={frame.t.common.views}
    tabs={[
      { label: frame.t.replay.now, href: 'dashboard/routing', isCurrent: current === 'now' },
      { label: frame.t.replay.title, href: 'dashboard/routing/replay', isCurrent: current === 'replay' },
    ]}
  />
);
