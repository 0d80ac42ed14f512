import type { User } from '@parley/hub-protocol';
import { useHubState, useUser } from '../hub/context.ts';
import { nameOf } from '../hub/names.ts';
import { Button } from '../ui/button.tsx';
import { Fact } from './fact.tsx';
import { openProfile } from './open-profile.ts';

/** Who answers for an agent, what it can do and how busy it is: as it says itself while it is at work. */
export function AgentFacts({ user }: { readonly user: User }) {
  const agent = useHubState(({ agents }) => agents?.members.get(user.id));
  const isOutdated = useHubState(({ agents }) => agents?.stale === true);
  const owner = useUser(agent?.ownerId ?? user.ownerId);
  const model = agent?.model ?? user.model;
  const capabilities =
    agent?.online && agent.capabilities.length > 0 ? agent.capabilities : user.capabilities;
  return (
    <>
      <Fact name="At work">
        {agent?.online ? 'Yes' : 'No'}
        {isOutdated && ' (this may be outdated)'}
      </Fact>
      {agent?.online && agent.load !== null && (
        <Fact name="Busy">
          <span className="busy">
            <meter min={0} max={1} high={0.8} value={agent.load} aria-label="Busy" />
            {Math.round(agent.load * 100)} %
          </span>
        </Fact>
      )}
      {owner && (
        <Fact name="Owner">
          <Button tone="link" className="fact-link" onClick={() => openProfile(owner.id)}>
            {nameOf(owner)}
          </Button>
        </Fact>
      )}
      {model !== null && <Fact name="Model">{model}</Fact>}
      {capabilities.length > 0 && (
        <Fact name="Can do">
          <ul className="tags">
            {capabilities.map((capability) => (
              <li key={capability}>{capability}</li>
            ))}
          </ul>
        </Fact>
      )}
    </>
  );
}
