import { type Command, Option } from 'commander';
import type { PersonView } from '../../station/access/manage-people.ts';
import { roles } from '../../station/access/roles.ts';
import { action, withCore } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { withSecrets } from '../secret-input.ts';
import { type ActingOptions, actingAs, addActingOption } from '../sign-in.ts';
import { table } from '../table.ts';

interface AddOptions extends ActingOptions {
  readonly name: string;
  readonly role: (typeof roles)[number];
  readonly badge?: boolean;
  /** False with `--no-pin`. */
  readonly pin: boolean;
}

/** The PIN that somebody is given; KEYLINE_PIN is that of who gives it. */
const newPin = (id: string) => ({ label: `new PIN of ${id}`, variable: 'KEYLINE_NEW_PIN', twice: true });

export function addPeopleCommands(program: Command): void {
  const people = program
    .command('people')
    .description('who may sign in here, and with which role')
    .addHelpText(
      'after',
      '\nPINs and badges are typed at a prompt that shows nothing. Scripts give KEYLINE_PIN (of --as) and KEYLINE_NEW_PIN,\nor one line of stdin each, in the order: PIN of --as, badge, new PIN.',
    );

  const list = people.command('list').description('everybody who may sign in');
  action(list, async invocation =>
    withCore(invocation, async core => {
      const { listPeople } = await import('../../station/access/manage-people.ts');
      const found = listPeople(core);
      invocation.output.document({ people: found }, () => describe(found));
      return exitCodes.done;
    }),
  );

  const add = people
    .command('add <id>')
    .description('somebody new; the first one is a supervisor, made by the owner of the data directory')
    .requiredOption('--name <name>', 'as the screens show it; never in the audit')
    .addOption(new Option('--role <role>', 'what they may do').choices([...roles]).makeOptionMandatory())
    .option('--badge', 'ask for a badge to sign in with')
    .option('--no-pin', 'an operator who signs in with a badge alone');
  addActingOption(add);
  action<AddOptions>(add, async (invocation, options, [id]) =>
    withSecrets(invocation, input =>
      withCore(invocation, async core => {
        const { addPerson } = await import('../../station/access/manage-people.ts');
        const who = await actingAs(core, options, input);
        const { name, role } = options;
        const badge = options.badge ? await input.ask({ label: `badge of ${id}` }) : undefined;
        const pin = options.pin ? await input.ask(newPin(id!)) : undefined;
        const added = await addPerson(core, { id: id!, name, role, badge, pin }, who);
        invocation.output.document(added, () => `${added.id} signs in as ${added.role} now`);
        return exitCodes.done;
      }),
    ),
  );

  const remove = people
    .command('remove <id>')
    .description('name, badge and PIN go; the audit keeps the random id');
  addActingOption(remove);
  action<ActingOptions>(remove, async (invocation, options, [id]) =>
    withSecrets(invocation, input =>
      withCore(invocation, async core => {
        const { removePerson } = await import('../../station/access/manage-people.ts');
        const removed = removePerson(core, id!, await actingAs(core, options, input));
        invocation.output.document({ removed: removed.id }, () => `${removed.id} was removed`);
        return exitCodes.done;
      }),
    ),
  );

  const set = people
    .command('set-pin <id>')
    .description('a new PIN, one’s own or as a supervisor; ends a lock');
  addActingOption(set);
  action<ActingOptions>(set, async (invocation, options, [id]) =>
    withSecrets(invocation, input =>
      withCore(invocation, async core => {
        const { setPin } = await import('../../station/access/manage-people.ts');
        const who = await actingAs(core, options, input);
        await setPin(core, id!, await input.ask(newPin(id!)), who);
        invocation.output.document({ set: id }, () => `${id} has a new PIN`);
        return exitCodes.done;
      }),
    ),
  );
}

function describe(people: readonly PersonView[]): string {
  if (people.length === 0)
    return 'nobody signs in here yet; the first is a supervisor: keyline people add ID --name NAME --role supervisor';
  return table([
    ['id', 'name', 'role', 'badge', 'PIN', 'since'],
    ...people.map(person => [
      person.id,
      person.name,
      person.role,
      person.hasBadge ? 'yes' : 'no',
      pinState(person),
      new Date(person.addedAt).toISOString(),
    ]),
  ]);
}

function pinState({ hasPin, lockedUntil }: PersonView): string {
  if (lockedUntil !== null) return `locked until ${new Date(lockedUntil).toISOString()}`;
  return hasPin ? 'yes' : 'no';
}
