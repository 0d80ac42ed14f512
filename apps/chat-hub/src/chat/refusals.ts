import { HubError } from '@parley/hub-protocol';

/** Said alike of what is not there and of what the caller may not know of. */
export function noChannel(channelId: string): HubError {
  return new HubError('NOT_FOUND', `there is no channel ${channelId}, or not for you`, {
    field: 'channelId',
  });
}

export function noMessage(id: string): HubError {
  return new HubError('NOT_FOUND', `there is no message ${id}, or not for you`, { field: 'messageId' });
}

export function nameTaken(name: string): HubError {
  return new HubError('NAME_TAKEN', `there is a channel ${name} already`, { field: 'name' });
}

export function changing(): HubError {
  return new HubError('UNAVAILABLE', 'the channel is being changed all the time; try again');
}
