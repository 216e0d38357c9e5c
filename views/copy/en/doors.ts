/** Setup, sign-in and refusals. */
export const doors = {
  signIn: 'Sign in',
  email: 'E-mail',
  password: 'Password',
  name: 'Name',
  setUp: 'Set up your gateway',
  almostThere: 'Almost there',
  noAdmin: 'This gateway is running and has no admin yet.',
  openLink:
    'Open the setup link that it printed when it started. Lost it? Restart the gateway: it prints a new one until somebody has used it.',
  linkInvalid: 'This setup link is not valid any more.',
  linkOld:
    'It was replaced by a newer one or is older than a day. Restart the gateway: it prints a new one until somebody has used it.',
  firstAdmin: 'You become its first admin. This link works once.',
  nameHint: 'How others see you here. Optional.',
  passwordHint: 'At least 12 characters; a few words in a row are good.',
  createAdmin: 'Create the admin',
  back: 'Back to the dashboard',
  notUnderstood: 'Not understood',
  notAllowed: 'Not allowed',
  notFound: 'Not found',
  noSuchPage: 'There is no such page here.',
  roleForbids: (role: string) => `Your role here is ${role}, which does not allow this. Ask an admin.`,
  notFromHere: 'Not from here',
  crossOrigin: 'This request came from another site. Open the dashboard itself and try again.',
  reload: 'Reload the page',
  staleForm: 'This form belongs to an earlier session. Go back, reload the page and try again.',
};
