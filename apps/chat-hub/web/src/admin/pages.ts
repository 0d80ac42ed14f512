import {
  Activity,
  Bot,
  Gauge,
  HardDriveDownload,
  History,
  KeyRound,
  Megaphone,
  ScrollText,
  Users,
  Webhook,
  type LucideIcon,
} from 'lucide-react';
import { lazy, type ComponentType } from 'react';

/** What a page is told of the address: what stands behind its name. */
export interface AdminPageProps {
  readonly rest: readonly string[];
}

export interface AdminPage {
  readonly name: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** `everybody` who has the scope `manage`. */
  readonly who: 'admins' | 'everybody';
  readonly Page: ComponentType<AdminPageProps>;
}

export const adminPages: readonly AdminPage[] = [
  {
    name: 'overview',
    label: 'Overview',
    icon: Activity,
    who: 'admins',
    Page: lazy(() =>
      import('./overview/overview-page.tsx').then(({ OverviewPage }) => ({ default: OverviewPage })),
    ),
  },
  {
    name: 'users',
    label: 'People',
    icon: Users,
    who: 'admins',
    Page: lazy(() => import('./people/people-page.tsx').then(({ PeoplePage }) => ({ default: PeoplePage }))),
  },
  {
    name: 'agents',
    label: 'Agents',
    icon: Bot,
    who: 'admins',
    Page: lazy(() => import('./people/agents-page.tsx').then(({ AgentsPage }) => ({ default: AgentsPage }))),
  },
  {
    name: 'tokens',
    label: 'Your tokens',
    icon: KeyRound,
    who: 'everybody',
    Page: lazy(() => import('./tokens/tokens-page.tsx').then(({ TokensPage }) => ({ default: TokensPage }))),
  },
  {
    name: 'webhooks',
    label: 'Webhooks',
    icon: Webhook,
    who: 'admins',
    Page: lazy(() =>
      import('./webhooks/webhooks-page.tsx').then(({ WebhooksPage }) => ({ default: WebhooksPage })),
    ),
  },
  {
    name: 'limits',
    label: 'Limits',
    icon: Gauge,
    who: 'admins',
    Page: lazy(() => import('./limits/limits-page.tsx').then(({ LimitsPage }) => ({ default: LimitsPage }))),
  },
  {
    name: 'audit',
    label: 'Audit log',
    icon: ScrollText,
    who: 'admins',
    Page: lazy(() => import('./audit/audit-page.tsx').then(({ AuditPage }) => ({ default: AuditPage }))),
  },
  {
    name: 'announce',
    label: 'Announce',
    icon: Megaphone,
    who: 'admins',
    Page: lazy(() =>
      import('./workspace/announce-page.tsx').then(({ AnnouncePage }) => ({ default: AnnouncePage })),
    ),
  },
  {
    name: 'retention',
    label: 'Retention',
    icon: History,
    who: 'admins',
    Page: lazy(() =>
      import('./workspace/retention-page.tsx').then(({ RetentionPage }) => ({ default: RetentionPage })),
    ),
  },
  {
    name: 'backup',
    label: 'Backup',
    icon: HardDriveDownload,
    who: 'admins',
    Page: lazy(() =>
      import('./workspace/backup-page.tsx').then(({ BackupPage }) => ({ default: BackupPage })),
    ),
  },
];
