import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TctiError } from '../../src/tcti/errors.ts';
import { describeTctiConf, parseTctiConf, type TctiConf } from '../../src/tcti/tcti-conf.ts';
import fc from '../property.ts';

test('conf strings of tpm2-tss are read with its defaults', () => {
  const cases: [string, TctiConf][] = [
    ['device', { name: 'device' }],
    ['device:/dev/tpmrm0', { name: 'device', path: '/dev/tpmrm0' }],
    ['device:/dev/a:b,c=d', { name: 'device', path: '/dev/a:b,c=d' }],
    ['swtpm', { name: 'swtpm', host: 'localhost', port: 2321 }],
    ['swtpm:', { name: 'swtpm', host: 'localhost', port: 2321 }],
    ['swtpm:port=9,host=dut-1.line', { name: 'swtpm', host: 'dut-1.line', port: 9 }],
    ['swtpm:host=::1,port=65535', { name: 'swtpm', host: '::1', port: 65_535 }],
    ['swtpm:path=/run/tpm.sock', { name: 'swtpm', path: '/run/tpm.sock' }],
    ['mssim:host=10.0.0.7', { name: 'mssim', host: '10.0.0.7', port: 2321 }],
    ['mssim:port=1', { name: 'mssim', host: 'localhost', port: 1 }],
    ['ssh:root@dut-1', { name: 'ssh', user: 'root', host: 'dut-1', port: 22 }],
    ['ssh:l.t@10.0.0.7:2222', { name: 'ssh', user: 'l.t', host: '10.0.0.7', port: 2222 }],
    ['ssh:root@[fe80::1%eth0]:22', { name: 'ssh', user: 'root', host: 'fe80::1%eth0', port: 22 }],
    ['cmd:ssh dut "a:b,c=d" | tee x', { name: 'cmd', command: 'ssh dut "a:b,c=d" | tee x' }],
  ];
  for (const [text, conf] of cases) assert.deepEqual(parseTctiConf(text), conf, text);
});

test('what is wrong with a conf string is said', () => {
  const cases: [string, RegExp][] = [
    ['', /is empty/],
    ['a'.repeat(4097), /4096 characters/],
    ['tabrmd', /"tabrmd" is no bridge/],
    ['swtpn:port=1', /"swtpn" is no bridge/],
    [' swtpm', /no bridge/],
    ['SWTPM', /"SWTPM" is no bridge/],
    ['device:tpm0', /does not start with \//],
    ['device:/dev/\u0000', /control character/],
    ['swtpm:port=1\n', /control character/],
    ['swtpm:prot=1', /"prot=1"; known are host=, port=, path=/],
    ['mssim:path=/x', /known are host=, port=$/],
    ['swtpm:port', /no value for port/],
    ['swtpm:port=', /no value for port/],
    ['swtpm:port=1,', /has ""/],
    ['swtpm:port=1,port=2', /names port twice/],
    ['swtpm:host=a=b', /second = in host/],
    ['swtpm:path=/x,port=2', /a path and also a host or port/],
    ['swtpm:path=x', /path of swtpm: does not start/],
    ['swtpm:port=0', /the port of swtpm/i],
    ['swtpm:port=65536', /the port of swtpm/i],
    ['swtpm:port=0x10', /the port of swtpm/i],
    ['swtpm:port=+1', /the port of swtpm/i],
    ['mssim:port=65535', /no room for the platform port/],
    ['swtpm:host=a b', /the host of swtpm/i],
    ['swtpm:host=[::1]', /the host of swtpm/i],
    ['ssh:dut', /not user@host/],
    ['ssh:@dut', /user of ssh/],
    ['ssh:-oProxy@dut', /user of ssh/],
    ['ssh:root@', /host of ssh/],
    ['ssh:root@a@b', /host of ssh/],
    ['ssh:root@::1', /port of ssh|host of ssh/],
    ['ssh:root@dut:', /port of ssh/],
    ['ssh:root@dut:0', /port of ssh/],
    ['cmd', /no command/i],
    ['cmd: ', /no command/i],
    ['cmd:a\u0000b', /zero character/],
  ];
  for (const [text, message] of cases)
    assert.throws(
      () => parseTctiConf(text),
      error => error instanceof TctiError && error.code === 'conf-invalid' && message.test(error.message),
      text,
    );
});

test('S2 neither a description nor a refusal repeats a command', () => {
  assert.equal(describeTctiConf(parseTctiConf('cmd:sshpass -p s3cret ssh dut tpm2_send')), 'cmd');
  for (const text of ['sshpass -p s3cret ssh dut tpm2_send', 'cmd:s3cret\0', 'cmd s3cret:x'])
    assert.throws(
      () => parseTctiConf(text),
      error => error instanceof TctiError && !error.message.includes('s3cret'),
    );
});

const host = fc.stringMatching(/^[A-Za-z0-9._:%-]{1,40}$/);
const user = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/);
const path = fc.stringMatching(/^\/[A-Za-z0-9 /._:-]{0,40}$/);
const port = fc.integer({ min: 1, max: 65_534 });
const conf: fc.Arbitrary<TctiConf> = fc.oneof(
  fc.constant<TctiConf>({ name: 'device' }),
  fc.record({ name: fc.constant('device' as const), path }),
  fc.record({ name: fc.constant('swtpm' as const), host, port }),
  fc.record({ name: fc.constant('swtpm' as const), path }),
  fc.record({ name: fc.constant('ssh' as const), user, host, port }),
  fc.record({ name: fc.constant('mssim' as const), host, port }),
);

test('a described conf is read back as the same', () => {
  fc.assert(
    fc.property(conf, value => assert.deepEqual(parseTctiConf(describeTctiConf(value)), { ...value })),
  );
});

test('any text is a conf or a conf-invalid', () => {
  const pieces = fc.constantFrom(
    'device',
    'swtpm',
    'mssim',
    'cmd',
    ':',
    'host=',
    'port=',
    'path=',
    ',',
    '=',
    '/',
    '1',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.oneof(pieces, fc.string())).map(parts => parts.join('')),
  );
  fc.assert(
    fc.property(text, value => {
      try {
        parseTctiConf(value);
      } catch (error) {
        assert.ok(error instanceof TctiError && error.code === 'conf-invalid', String(error));
      }
    }),
  );
});
