/**
 * English, and by its keys the measure for every other language (catalogue.ts). The cards speak to a technician with
 * gloves on: what happened, then what to do with these hands, one sentence each. No codes, no exclamation, no "please".
 */
import type { CodeCards } from './code-cards.ts';

export const en = {
  language: { name: 'English', short: 'EN', locale: 'en' },

  connecting: 'Connecting to the station',
  rehearsal: { band: 'Rehearsal · nothing here is production', mark: 'Rehearsal' },
  noContact: {
    title: 'No contact with the station',
    what: 'This is the last known state. Running tests go on; the screen joins again by itself.',
    long: 'If it stays so, call an engineer.',
  },
  noFixtures: {
    title: 'No fixtures yet',
    what: 'This station has no fixtures in its configuration.',
    do: 'An engineer adds them to keyline.json, then restarts the station.',
  },

  header: {
    startAll: 'Start all',
    language: 'Language: {{name}}',
    light: 'Light screen',
    dark: 'Dark screen',
    soundOn: 'Sound is on',
    soundOff: 'Sound is off',
  },

  word: { passed: 'PASS', retest: 'RETEST', refused: 'STOP', failed: 'FAIL' },

  tile: {
    fixture: 'Fixture {{number}}',
    fixtures: 'Fixtures',
    scan: 'Scan a serial',
    orType: 'or tap to type it',
    picked: 'The next scan goes here',
    ready: 'Ready',
    readyWhat: 'The serial is here. Seat the unit, then start.',
    testing: 'Testing',
    keep: 'Do not remove the unit',
    start: 'Start',
    stop: 'Stop',
    clear: 'Clear',
    next: 'Next unit',
    takeOut: 'Take unit out',
    again: 'Start again',
    details: 'Details',
    open: 'Open fixture {{number}}',
    noSerial: 'No serial',
    handsFree: {
      idle: {
        empty: 'Starts by itself',
        arrived: 'A unit is here: scan it',
        occupied: 'Take the unit out',
      },
      armed: {
        empty: 'Seat the unit: it starts by itself',
        arrived: 'Starting',
        occupied: 'Seat the unit anew, or press Start',
      },
    },
  },
  step: {
    connect: 'Connect',
    tpm: 'TPM',
    key: 'Key',
    certificate: 'Certificate',
    proof: 'Proof',
    record: 'Record',
  },
  stepState: { waiting: 'waiting', running: 'working', done: 'done', stopped: 'stopped' },

  detail: {
    title: 'Fixture {{number}} · {{name}}',
    registrationId: 'Registration id',
    ekSha256: 'Key, SHA-256',
    tpm: 'TPM',
    otherSerial: 'Recorded serial',
    dutSerial: 'Serial of the unit itself',
    code: 'Code',
    detail: 'For the supervisor',
    recordedAt: 'Recorded at',
    harvestId: 'Harvest',
    steps: 'Steps',
    duration: 'Time taken',
    another: 'another serial',
  },

  entry: {
    title: 'Serial for fixture {{number}}',
    label: 'Serial',
    hint: 'Type it or scan it',
    confirm: 'Check the serial: it came too slowly for a scan',
    take: 'Take this serial',
    erase: 'Erase',
    space: 'Space',
    shift: 'Small letters',
    unshift: 'Capital letters',
    full: 'A serial has at most 128 characters',
  },
  choose: {
    title: 'Which fixture?',
    what: 'Press its number or tap it.',
    empty: 'free',
    replaces: 'replaces {{serial}}',
    kept: 'Keep it for the supervisor',
  },
  twoReadings: {
    title: 'One scan or two?',
    what: 'Digits came shortly before the rest. Look at the label, then tap what is right.',
    whole: 'All is the serial',
  },
  notice: { product: 'Product here: {{product}}' },
  close: 'Close',
  cancel: 'Cancel',

  connectionState: {
    online: 'Online',
    offline: 'Offline',
    refused: 'DPS refuses',
    'not-configured': 'No DPS set',
  },
  foot: {
    lost: 'No contact',
    nothing: 'nothing waiting',
    waiting_one: '{{formatted}} waiting',
    waiting_other: '{{formatted}} waiting',
    since: 'since {{time}}',
    oldest: 'oldest {{age}}',
    kept: 'all kept here',
    clockAhead: 'This station’s clock is {{span}} ahead',
    clockBehind: 'This station’s clock is {{span}} behind',
    lastContact: 'last answer {{time}}',
    lastKnown: 'last known state',
    aside_one: '{{formatted}} set aside',
    aside_other: '{{formatted}} set aside',
    today: 'Passed today',
    yield: 'First-pass yield',
    pace: 'Pace',
    paceTarget: 'Pace / target',
    perHour: '{{pace}}/h',
    ofPerHour: '{{pace}} of {{target}}/h',
    pacePlot: 'Passed units in each five minutes of the last hour',
    none: '–',
  },
  day: {
    title: 'How the day is counted',
    passed: 'Units that were recorded since midnight.',
    attemptsName: 'Tests today',
    attempts: 'Tests since midnight, however they ended.',
    yield: 'Of the serials tested today, the share that passed at their first test.',
    pace: 'Units recorded in the last hour, counted in steps of five minutes.',
    targetName: 'Target',
    target: 'What the configuration asks of this product in an hour.',
  },
  connection: {
    title: 'Connection to DPS',
    host: 'DPS',
    lastContact: 'Last answer',
    since: 'Since',
    state: 'State',
    queued: 'Waiting',
    sending: 'On the way',
    enrolled: 'Enrolled',
    conflict: 'In conflict',
    quarantined: 'Quarantined',
    never: 'not yet',
    online: 'DPS answers. What waits is sent by itself.',
    'not-configured':
      'No DPS connection is set up. Every device is recorded and kept here until an engineer sets one.',
    asideWhat: 'Entries set aside are kept. A supervisor looks at them with: keyline queue list',
  },

  verdict: {
    passed: {
      title: 'Recorded',
      what: 'The key was read and is on disk.',
      do: 'Take the unit out and scan the next one.',
    },
    retest: {
      title: 'Already recorded',
      what: 'This unit passed before with the same serial; nothing was recorded twice.',
      do: 'Take the unit out and scan the next one.',
    },
    'serial-missing': {
      title: 'No serial',
      what: 'This fixture has no serial yet.',
      do: 'Scan the label of the unit.',
    },
    'serial-too-long': {
      title: 'The serial is too long',
      what: 'A serial has at most 128 characters; this looks like two labels in one scan.',
      do: 'Scan only the serial label again.',
    },
    'serial-characters': {
      title: 'Not a serial',
      what: 'It holds characters that no serial has.',
      do: 'Scan the serial label again; if it stays so, try another scanner.',
    },
    'serial-pattern': {
      title: 'Not a serial of this product',
      what: 'The serial does not fit this product.',
      do: 'Check the label and the product at the top, then scan again.',
    },
    'serial-check-digit': {
      title: 'Misread serial',
      what: 'The check digit at the end of the serial does not fit the rest.',
      do: 'Scan the label again; if it stays so, keep the unit here and call a supervisor.',
    },
    clone: {
      title: 'Key of {{otherSerial}}',
      what: 'This TPM is already recorded under another serial: a wrong label or a copied board.',
      do: 'Keep the unit here and call a supervisor.',
    },
    'serial-has-other-key': {
      title: 'Serial used with another TPM',
      what: 'This serial is already recorded with another key: a swapped board, a reset TPM or a label used twice.',
      do: 'Keep the unit here and call a supervisor.',
    },
    'same-tpm-other-key': {
      title: 'Other key of the same TPM',
      what: 'This serial is recorded with another key of this TPM: a setting or what the TPM stores has changed.',
      do: 'Keep the unit here and call a supervisor.',
    },
    'other-tpm': {
      title: 'Serial used with another TPM',
      what: 'This serial is recorded with another TPM: a swapped board, a reset TPM or a label used twice.',
      do: 'Keep the unit here and call a supervisor.',
    },
    'other-product': {
      title: 'Recorded under another product',
      what: 'This unit is already recorded, but as another product.',
      do: 'Keep the unit here and call a supervisor.',
    },
    'registration-id-invalid': {
      title: 'The name for DPS is not allowed',
      what: 'The product’s rule gives this unit a name that DPS does not take.',
      do: 'Keep the unit here and call an engineer.',
    },
    'registration-id-taken': {
      title: 'The name for DPS is taken',
      what: 'The product’s rule gives this unit a name that another unit already has.',
      do: 'Keep the unit here and call an engineer.',
    },
    'registration-id-differs': {
      title: 'The name for DPS differs',
      what: 'The list names this key otherwise than it is named here.',
      do: 'Keep the unit here and call an engineer.',
    },
    'ek-absent': {
      title: 'No key is stored',
      what: 'This product needs a key that is stored in the TPM, and there is none.',
      do: 'Keep the unit here and call an engineer.',
    },
    'ek-malformed': {
      title: 'The key is damaged',
      what: 'The TPM gave a key that is not well-formed.',
      do: 'Lay the unit in the red tray and call a supervisor.',
    },
    'ek-unfit': {
      title: 'The wrong kind of key',
      what: 'The key stored in this TPM cannot be used for enrolment.',
      do: 'Keep the unit here and call an engineer.',
    },
    'simulator-refused': {
      title: 'Not a real TPM',
      what: 'A simulated TPM answered, and this station makes production records.',
      do: 'Call an engineer: this fixture points at a simulator.',
    },
    'dut-serial-differs': {
      title: 'Another unit',
      what: 'The unit itself gives the serial {{dutSerial}}: a wrong label, the wrong fixture or a swapped board.',
      do: 'Keep the unit here and call a supervisor.',
    },
    'dut-serial-unread': {
      title: 'The unit does not name itself',
      what: 'This product is checked against the serial inside the unit, and none can be read.',
      do: 'Keep the unit here and call an engineer.',
    },
    'certificate-mismatch': {
      title: 'Certificate of another key',
      what: 'The certificate in this TPM belongs to another key.',
      do: 'Keep the unit here and call a supervisor.',
    },
    'possession-failed': {
      title: 'The key is not this TPM’s',
      what: 'The TPM that answers could not prove that it holds the key it showed: a copied key, or something stands between.',
      do: 'Keep the unit here and call a supervisor.',
    },
    'certificate-untrusted': {
      title: 'Maker not trusted',
      what: 'The certificate in this TPM does not lead to a maker that this plant trusts.',
      do: 'Keep the unit here and call a supervisor.',
    },
    'certificate-missing': {
      title: 'No certificate',
      what: 'This product needs a certificate in the TPM, and this unit has none.',
      do: 'Keep the unit here and call a supervisor.',
    },
    'certificate-not-readable': {
      title: 'Certificate not readable',
      what: 'This product needs a certificate in the TPM, and that of this unit cannot be read.',
      do: 'Keep the unit here and call a supervisor.',
    },
    'certificate-not-checked': {
      title: 'Certificate not checked',
      what: 'This product needs a checked certificate, and this station has no list of trusted makers.',
      do: 'Call an engineer; the unit is not at fault.',
    },
    'bridge-unreachable': {
      title: 'The unit does not answer',
      what: 'Nothing answers at this fixture.',
      do: 'Check power and cable, start again; if it stays so, call an engineer.',
    },
    'bridge-not-permitted': {
      title: 'No access to the TPM',
      what: 'This station may not open the TPM of the fixture.',
      do: 'Call an engineer; the unit is not at fault.',
    },
    'bridge-host-key': {
      title: 'Another device answers',
      what: 'What answers at this fixture does not show the SSH host key that is known for it.',
      do: 'Stop here and call an engineer.',
    },
    'bridge-busy': {
      title: 'The TPM is in use',
      what: 'Another program holds the TPM of this fixture.',
      do: 'Wait a moment and start again; if it stays so, call an engineer.',
    },
    'bridge-timeout': {
      title: 'The unit went quiet',
      what: 'The unit did not answer in time.',
      do: 'Check its power and seat, start again; if it stays so, call an engineer.',
    },
    'bridge-closed': {
      title: 'The connection broke off',
      what: 'The connection to the unit broke off during the test.',
      do: 'Seat the unit again and start again; if it stays so, call an engineer.',
    },
    'bridge-garbage': {
      title: 'Not a TPM',
      what: 'What answers at this fixture does not speak as a TPM does.',
      do: 'Seat the unit again; if it stays so, call an engineer.',
    },
    'bridge-not-recorded': {
      title: 'Not in the transcript',
      what: 'This fixture replays a transcript, which does not hold what the test asks.',
      do: 'Call an engineer: the product or the version is not the one of the recording.',
    },
    cancelled: {
      title: 'Stopped by hand',
      what: 'The test was stopped before its end.',
      do: 'Start again when the unit is ready.',
    },
    'tpm-not-2.0': {
      title: 'An old TPM',
      what: 'This TPM is of the generation 1.2; enrolment needs 2.0.',
      do: 'Lay the unit in the red tray and call a supervisor.',
    },
    'tpm-not-started': {
      title: 'The TPM is not started',
      what: 'The firmware of the unit has not started its TPM.',
      do: 'Switch the unit off and on, let it start up and test again; if it stays so, call an engineer.',
    },
    'tpm-failure-mode': {
      title: 'The TPM reports a fault',
      what: 'The TPM failed its own test.',
      do: 'Switch the unit off and on and start again; if it stays so, lay it in the red tray and call a supervisor.',
    },
    'tpm-locked-out': {
      title: 'The TPM is locked',
      what: 'The TPM has locked itself after failed attempts.',
      do: 'Leave the unit powered, do not test it again, and call a supervisor.',
    },
    'tpm-busy': {
      title: 'The TPM is busy',
      what: 'The TPM asked for more time.',
      do: 'Wait ten seconds and start again; if it stays so, call an engineer.',
    },
    'tpm-out-of-memory': {
      title: 'The TPM is full',
      what: 'Another program left things behind in the TPM.',
      do: 'Switch the unit off and on and start again; if it stays so, call an engineer.',
    },
    'hierarchy-password': {
      title: 'The TPM has a password',
      what: 'A password is set where the key is kept.',
      do: 'Keep the unit here and call an engineer.',
    },
    'hierarchy-disabled': {
      title: 'The TPM is switched off',
      what: 'The firmware setup of the unit hides its key.',
      do: 'Keep the unit here and call an engineer.',
    },
    'tpm-upgrade': {
      title: 'The TPM is updating',
      what: 'The TPM is in the middle of a firmware update.',
      do: 'Leave the unit powered until the update ends, then start again; if it never ends, call an engineer.',
    },
    'tpm-error': {
      title: 'The TPM refused a command',
      what: 'The TPM answered with an error of its own.',
      do: 'Start once more; if it stays so, lay the unit in the red tray and call a supervisor.',
    },
    'tpm-answer-malformed': {
      title: 'An answer that makes no sense',
      what: 'The TPM sent something that cannot be read.',
      do: 'Seat the unit again; if it stays so, lay it in the red tray and call a supervisor.',
    },
    'ledger-full': {
      title: 'The station’s disk is full',
      what: 'This unit was not recorded.',
      do: 'Call an engineer to free space, then test this unit again.',
    },
    'ledger-failed': {
      title: 'The station cannot record',
      what: 'This unit was not recorded.',
      do: 'Call an engineer, then test this unit again.',
    },
  },

  warning: {
    'ek-not-persisted': {
      title: 'Key not stored in the TPM',
      what: 'The key was made for this test and is not stored in the TPM. Some device software would then present another key.',
      do: 'Nothing to do at the line; an engineer decides once for the product.',
    },
    'sdk-presents-other-key': {
      title: 'Two keys in this TPM',
      what: 'Microsoft’s device software would present the key stored in the TPM, not the one recorded.',
      do: 'Nothing to do at the line; an engineer decides once for the product.',
    },
    'certificate-for-other-ek': {
      title: 'Certificate of the TCG key',
      what: 'The maker certified another key of this TPM, so the origin of the recorded one is not proved.',
      do: 'Nothing to do at the line; it stays on the list.',
    },
    'certificate-absent': {
      title: 'No certificate in the TPM',
      what: 'The TPM holds no certificate of its maker, so its origin is not proved.',
      do: 'Nothing to do at the line; it stays on the list.',
    },
    'certificate-unreadable': {
      title: 'Certificate not readable',
      what: 'The TPM holds a certificate that cannot be read, so its origin is not proved.',
      do: 'Nothing to do at the line; it stays on the list.',
    },
    'certificate-unchecked': {
      title: 'Certificate not checked',
      what: 'The certificate fits the key, but this station has no list of trusted makers to check it against.',
      do: 'Nothing to do at the line; it stays on the list.',
    },
    'certificate-untrusted': {
      title: 'Maker not trusted',
      what: 'The certificate does not lead to a maker that this plant trusts, so the origin of the TPM is not proved.',
      do: 'Nothing to do at the line; it stays on the list.',
    },
    'certificate-date-unsure': {
      title: 'Date of the certificate unsure',
      what: 'By the clock of this station the certificate is out of date, but nothing keeps this clock in step.',
      do: 'Nothing to do at the line; an engineer checks the clock.',
    },
    'certificate-maker-differs': {
      title: 'Two makers named',
      what: 'The certificate names another maker than the TPM itself does.',
      do: 'Nothing to do at the line; a supervisor compares both.',
    },
    simulator: {
      title: 'Simulated TPM',
      what: 'This is not a real TPM. It is accepted because this is a rehearsal.',
      do: 'Nothing to do.',
    },
    'reference-firmware-tpm': {
      title: 'Name of sample firmware',
      what: 'The TPM names itself as Microsoft’s sample firmware does. Some real boards do; a simulator does too.',
      do: 'Nothing to do at the line; an engineer decides once for the product.',
    },
    'virtual-tpm': {
      title: 'Perhaps a virtual TPM',
      what: 'The TPM names a maker whose TPMs are those of virtual machines.',
      do: 'Check that the unit itself is connected, then tell an engineer.',
    },
    'dut-serial-unread': {
      title: 'Serial not compared',
      what: 'The serial inside the unit cannot be read, so the label was not checked against it.',
      do: 'Check that the label belongs to this unit.',
    },
    'handles-left': {
      title: 'Could not tidy up',
      what: 'Something of this test may have stayed in the memory of the TPM.',
      do: 'Switch the unit off and on before it is used.',
    },
  },

  dps: {
    'connection-string-invalid': {
      title: 'The DPS key is incomplete',
      what: 'The connection string of DPS lacks a part.',
      do: 'An engineer copies it again from the shared access policies.',
    },
    'ca-file-unreadable': {
      title: 'The plant’s CA file is missing',
      what: 'The file with the trusted certificates cannot be read.',
      do: 'An engineer checks KEYLINE_DPS_CA_FILE.',
    },
    'host-is-iot-hub': {
      title: 'An IoT hub instead of DPS',
      what: 'The configured host is an IoT hub, which cannot enrol devices.',
      do: 'An engineer copies the connection string of the Device Provisioning Service.',
    },
    'host-unknown': {
      title: 'DPS host not found',
      what: 'The network does not know the name of the DPS host. Everything is kept here.',
      do: 'Go on working; an engineer checks the host name and the network.',
    },
    'clock-wrong': {
      title: 'The clock is wrong',
      what: 'Date or time of this station is far off, so DPS cannot trust it. Everything is kept here.',
      do: 'Go on working; an engineer sets date and time.',
    },
    'proxy-invalid': {
      title: 'Proxy setting unreadable',
      what: 'The address of the proxy cannot be read.',
      do: 'An engineer checks HTTPS_PROXY and NO_PROXY.',
    },
    'proxy-unknown': {
      title: 'Proxy not found',
      what: 'The network does not know the name of the proxy. Everything is kept here.',
      do: 'Go on working; an engineer checks HTTPS_PROXY.',
    },
    'proxy-unreachable': {
      title: 'The proxy is down',
      what: 'The plant’s proxy does not answer. Everything is kept here and sent when it is back.',
      do: 'Go on working; tell the plant’s IT if it lasts.',
    },
    'proxy-authentication': {
      title: 'The proxy asks who we are',
      what: 'The proxy wants a user and a password. Everything is kept here.',
      do: 'Go on working; an engineer enters them in HTTPS_PROXY.',
    },
    'proxy-refused': {
      title: 'The proxy bars the way',
      what: 'The proxy does not let this station through to DPS. Everything is kept here.',
      do: 'Go on working; the plant’s IT must allow the DPS host.',
    },
    'access-revoked': {
      title: 'The key was withdrawn',
      what: 'DPS took this station’s key before and refuses it now. Everything is kept here.',
      do: 'Go on working; an engineer gets the new key of the policy.',
    },
    'entra-settings-invalid': {
      title: 'Entra settings unusable',
      what: 'The settings for signing in with Microsoft Entra ID cannot be used.',
      do: 'An engineer checks tenant, client id, and secret or certificate.',
    },
    'entra-login-failed': {
      title: 'The sign-in was refused',
      what: 'Microsoft Entra ID does not accept this station. Everything is kept here.',
      do: 'Go on working; an engineer checks whether the secret has run out.',
    },
    'entra-unreachable': {
      title: 'Sign-in service unreachable',
      what: 'Microsoft Entra ID cannot be reached now. Everything is kept here and sent when it is back.',
      do: 'Go on working.',
    },
    'entra-role-missing': {
      title: 'A role is missing at DPS',
      what: 'The sign-in worked, but this identity may not enrol devices. Everything is kept here.',
      do: 'Go on working; an engineer gives it the role Device Provisioning Service Data Contributor.',
    },
    offline: {
      title: 'DPS cannot be reached',
      what: 'There is no connection to DPS now. Everything is kept here and sent when it is back.',
      do: 'Go on working.',
    },
    timeout: {
      title: 'DPS answers too slowly',
      what: 'DPS did not answer in time. Everything is kept here and sent later.',
      do: 'Go on working.',
    },
    tls: {
      title: 'DPS is not trusted',
      what: 'The certificate of the DPS host is not trusted here.',
      do: 'Go on working; an engineer checks host name, proxy, plant CA and the clock of this station.',
    },
    throttled: {
      title: 'DPS asks to slow down',
      what: 'Keyline waits as asked and goes on by itself.',
      do: 'Go on working.',
    },
    unauthorized: {
      title: 'DPS refuses the key',
      what: 'DPS does not accept the key of this station. Everything is kept here.',
      do: 'Go on working; an engineer checks the policy and its key.',
    },
    forbidden: {
      title: 'A right is missing at DPS',
      what: 'The key of this station may not enrol devices. Everything is kept here.',
      do: 'Go on working; an engineer gives the policy EnrollmentRead and EnrollmentWrite.',
    },
    'not-found': {
      title: 'DPS does not know this address',
      what: 'DPS answers, but does not know what was asked for. Everything is kept here.',
      do: 'Go on working; an engineer checks the host name.',
    },
    'emulator-refused': {
      title: 'A rehearsal DPS',
      what: 'An emulator answered, and this station makes production records. Everything is kept here.',
      do: 'Go on working; an engineer checks the connection string.',
    },
    rejected: {
      title: 'DPS refused an entry',
      what: 'DPS found an entry invalid. It is set aside with the reason.',
      do: 'Go on working; a supervisor looks at what was set aside.',
    },
    'etag-mismatch': {
      title: 'Changed in DPS meanwhile',
      what: 'Somebody changed this enrollment in DPS at the same time. Keyline reads it again by itself.',
      do: 'Go on working.',
    },
    'server-error': {
      title: 'DPS has a fault',
      what: 'DPS reports a fault of its own. Keyline tries again by itself.',
      do: 'Go on working.',
    },
    'drain-elsewhere': {
      title: 'Another program sends',
      what: 'Another Keyline program on this machine is sending what waits here.',
      do: 'Go on working.',
    },
    'answer-malformed': {
      title: 'Something else answers',
      what: 'What answers is not DPS, or a proxy changes its answers.',
      do: 'Go on working; an engineer checks host name and proxy.',
    },
  },

  scan: {
    'choose-fixture': {
      title: 'Which fixture?',
      what: 'More than one fixture is free.',
      do: 'Press the number of the fixture or tap it.',
    },
    'already-in-fixture': {
      title: 'Already in fixture {{fixture}}',
      what: 'This serial is in fixture {{fixture}} now.',
      do: 'Check the label; clear that fixture if it is the wrong one.',
    },
    'unknown-fixture': {
      title: 'No such fixture',
      what: 'This station has no fixture {{fixture}}.',
      do: 'Choose one of the fixtures on the screen.',
    },
    running: {
      title: 'The fixtures are busy',
      what: 'A test is running where this serial would go.',
      do: 'Wait until it ends, then scan again.',
    },
  },
  refusal: {
    'nothing-armed': {
      title: 'Nothing to start',
      what: 'No fixture has a serial.',
      do: 'Scan a serial first.',
    },
    'unknown-fixture': {
      title: 'No such fixture',
      what: 'This station does not know that fixture any more.',
      do: 'Choose one of the fixtures on the screen.',
    },
    running: {
      title: 'A test is running',
      what: 'This fixture is at work.',
      do: 'Wait until it ends, or stop it.',
    },
    'not-running': {
      title: 'Nothing to stop',
      what: 'The test in this fixture has already ended.',
      do: 'Look at its result.',
    },
  },
  access: {
    'sign-in-needed': {
      title: 'Somebody must sign in',
      what: 'This needs a person whose role allows it.',
      do: 'Call a supervisor to sign in.',
    },
    'sign-in-refused': {
      title: 'Not signed in',
      what: 'The id or badge is not known here, or the PIN is wrong.',
      do: 'Check both and try again.',
    },
    'sign-in-locked': {
      title: 'Locked for a while',
      what: 'The PIN was wrong too many times.',
      do: 'Wait, or have a supervisor set a new PIN.',
    },
    'role-missing': {
      title: 'Not in your role',
      what: 'Your role does not include this.',
      do: 'Call a supervisor.',
    },
    'pin-needed': {
      title: 'The PIN is needed',
      what: 'A badge alone gives the rights of an operator.',
      do: 'Sign in with badge and PIN.',
    },
  },
  desk: {
    'entry-unknown': {
      title: 'No such entry',
      what: 'The outbox has no such entry.',
      do: 'Look at the list again.',
    },
    'entry-not-waiting': {
      title: 'Nothing to retry',
      what: 'Only what is in conflict or set aside can be tried again.',
      do: 'Look at the list again.',
    },
    'decision-unfit': {
      title: 'Not possible here',
      what: 'This entry does not take this decision, or somebody decided already.',
      do: 'Look at the entry again.',
    },
    'reason-invalid': {
      title: 'A reason is missing',
      what: 'A decision needs a reason of at most 200 characters on one line.',
      do: 'Write why.',
    },
    'new-id-impossible': {
      title: 'No other id',
      what: 'No other registration id can be derived for this device.',
      do: 'Decide otherwise; an engineer checks the template of the product.',
    },
    'dps-not-configured': {
      title: 'No DPS is set up',
      what: 'This station has no DPS to send it to.',
      do: 'An engineer sets up the connection first.',
    },
    'sign-in-key-missing': {
      title: 'Nobody can sign in',
      what: 'The key of badges and PINs is gone from this station.',
      do: 'Call an engineer to restore it.',
    },
  },
  cause: {
    'clone-elsewhere': {
      title: 'Same key, other serial',
      what: 'DPS has this key under another serial: a swapped label, a board tested before, or a copied TPM.',
      do: 'Compare this board with the other one before you decide.',
    },
    'unknown-origin': {
      title: 'Enrolled by somebody else',
      what: 'DPS has this key, and nothing says who enrolled it.',
      do: 'Find out whether it is this board; if so, its enrollment can stay.',
    },
    'other-endorsement-key': {
      title: 'Same id, other key',
      what: 'DPS has this registration id with another key: a serial used before, or a reset TPM.',
      do: 'Find out which board is in the field before you decide.',
    },
    'gone-from-dps': {
      title: 'Gone from DPS',
      what: 'DPS had this enrollment and does not have it any more.',
      do: 'Ask who deleted it before it is created again.',
    },
    'other-dps': {
      title: 'For another DPS',
      what: 'This was made for another DPS than the one that is set up now.',
      do: 'If the change was meant, a supervisor sends it to the new one.',
    },
    'rejected-by-dps': {
      title: 'DPS refuses it',
      what: 'DPS does not take this enrollment as it is.',
      do: 'An engineer reads its answer and checks the template of the product.',
    },
    unreadable: {
      title: 'Cannot be read',
      what: 'This entry in the ledger is damaged.',
      do: 'Call an engineer, then test the device again.',
    },
  },
  call: {
    'invalid-input': {
      title: 'Too long for a serial',
      what: 'What was scanned is longer than any label.',
      do: 'Scan only the serial label again.',
    },
    closed: {
      title: 'No contact with the station',
      what: 'The station does not hear this screen now.',
      do: 'When the contact is back, look at the fixture; if nothing changed, do it again.',
    },
    timeout: {
      title: 'The station is slow',
      what: 'The station has not answered yet.',
      do: 'Look at the fixture: if nothing changed, do it again.',
    },
    failed: {
      title: 'The station could not do it',
      what: 'Something went wrong inside the station; its log says what.',
      do: 'Do it once more; if it stays so, call an engineer.',
    },
  },
  unterminated: {
    title: 'The scan has no end',
    what: 'The scanner sent this without Enter, so it may be cut off.',
    do: 'Scan again; if it stays so, set the suffix of the scanner to Enter.',
  },
  fault: {
    'ledger-full': {
      title: 'The station’s disk is full',
      what: 'No unit can be recorded.',
      do: 'Stop testing and call an engineer.',
    },
    'ledger-failed': {
      title: 'The station cannot record',
      what: 'Its ledger cannot be written.',
      do: 'Stop testing and call an engineer.',
    },
    'secret-store-locked': {
      title: 'The keyring is locked',
      what: 'The station cannot read its key for DPS. What you test is recorded and kept here.',
      do: 'Go on testing; an engineer unlocks the keyring.',
    },
    other: {
      title: 'The station has a fault',
      what: 'It reports “{{fault}}”.',
      do: 'Stop testing and call an engineer.',
    },
  },
  announce: {
    decided: 'Fixture {{number}}: {{word}}. {{title}}. {{do}}',
    passed: 'Fixture {{number}}: {{word}}.',
    armed: 'Fixture {{number}} is ready with serial {{serial}}.',
  },
} as const satisfies CodeCards & { readonly [group: string]: unknown };
