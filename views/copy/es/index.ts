import type { Copy } from '../index.ts';
import { changelog } from './changelog.ts';
import { common } from './common.ts';
import { doors } from './doors.ts';
import { errors } from './errors.ts';
import { frame } from './frame.ts';
import { keys } from './keys.ts';
import { measured } from './measured.ts';
import { models } from './models.ts';
import { operations } from './operations.ts';
import { overview } from './overview.ts';
import { people } from './people.ts';
import { playground } from './playground.ts';
import { policy } from './policy.ts';
import { providers } from './providers.ts';
import { reasons } from './reasons.ts';
import { replay } from './replay.ts';
import { request } from './request.ts';
import { requests } from './requests.ts';
import { routing } from './routing.ts';

export const es: Copy = {
  changelog,
  common,
  doors,
  errors,
  frame,
  keys,
  measured,
  models,
  operations,
  overview,
  people,
  playground,
  policy,
  providers,
  reasons,
  replay,
  request,
  requests,
  routing,
};
