/** 한국어. 현장에서 쓰는 말로 적는다: 무슨 일인지 한 문장, 지금 할 일 한 문장. 끼워 넣는 값 뒤에는 조사를 붙이지 않는다. */
import type { Catalogue } from './catalogue.ts';

export const ko: Catalogue = {
  language: { name: '한국어', short: '한', locale: 'ko-KR' },

  connecting: '스테이션에 연결하는 중',
  rehearsal: { band: '연습 모드 · 실제 생산 기록이 아닙니다', mark: '연습' },
  noContact: {
    title: '스테이션과 연결이 끊겼습니다',
    what: '마지막으로 확인된 상태입니다. 진행 중인 검사는 계속되고, 화면은 저절로 다시 연결됩니다.',
    long: '계속 이 상태이면 엔지니어를 부르세요.',
  },
  noFixtures: {
    title: '지그가 없습니다',
    what: '이 스테이션의 설정에 지그가 하나도 없습니다.',
    do: '엔지니어가 keyline.json에 지그를 추가하고 스테이션을 다시 시작해야 합니다.',
  },

  header: {
    startAll: '모두 시작',
    language: '언어: {{name}}',
    light: '밝은 화면',
    dark: '어두운 화면',
    soundOn: '소리 켜짐',
    soundOff: '소리 꺼짐',
  },

  word: { passed: '합격', retest: '재검사', refused: '보류', failed: '불합격' },

  tile: {
    fixture: '지그 {{number}}',
    fixtures: '지그',
    scan: '시리얼을 스캔하세요',
    orType: '눌러서 직접 입력할 수도 있습니다',
    picked: '다음 스캔은 여기로 들어갑니다',
    ready: '준비됨',
    readyWhat: '시리얼이 입력되었습니다. 제품을 꽂고 시작하세요.',
    testing: '검사 중',
    keep: '제품을 빼지 마세요',
    start: '시작',
    stop: '중지',
    clear: '비우기',
    next: '다음 제품',
    takeOut: '제품 빼기',
    again: '다시 시작',
    details: '자세히',
    open: '지그 {{number}} 열기',
    handsFree: {
      idle: {
        empty: '자동으로 시작',
        arrived: '제품 있음: 스캔하세요',
        occupied: '제품을 빼세요',
      },
      armed: {
        empty: '제품을 끼우면 자동으로 시작',
        arrived: '시작하는 중',
        occupied: '제품을 다시 끼우거나 시작을 누르세요',
      },
    },
    noSerial: '시리얼 없음',
  },
  step: { connect: '연결', tpm: 'TPM', key: '키', certificate: '인증서', proof: '증명', record: '기록' },
  stepState: { waiting: '대기', running: '진행 중', done: '완료', stopped: '멈춤' },

  detail: {
    title: '지그 {{number}} · {{name}}',
    registrationId: '등록 ID',
    ekSha256: '키 SHA-256',
    tpm: 'TPM',
    otherSerial: '기록된 시리얼',
    dutSerial: '제품 내부의 시리얼',
    code: '코드',
    detail: '관리자 참고',
    recordedAt: '기록 시각',
    harvestId: '검사 번호',
    steps: '단계',
    duration: '걸린 시간',
    another: '다른 시리얼',
  },

  entry: {
    title: '지그 {{number}} 시리얼',
    label: '시리얼',
    hint: '입력하거나 스캔하세요',
    confirm: '스캔치고는 느리게 들어왔습니다. 시리얼이 맞는지 확인하세요',
    take: '이 시리얼로',
    erase: '지우기',
    space: '빈칸',
    shift: '소문자',
    unshift: '대문자',
    full: '시리얼은 128자까지입니다',
  },
  choose: {
    title: '어느 지그입니까?',
    what: '지그 번호를 누르거나 화면에서 고르세요.',
    empty: '비어 있음',
    replaces: '{{serial}} 대신',
    kept: '관리자 확인까지 보관',
  },
  twoReadings: {
    title: '스캔이 하나입니까, 둘입니까?',
    what: '숫자가 먼저 들어오고 나머지가 바로 뒤에 들어왔습니다. 라벨을 보고 맞는 것을 누르세요.',
    whole: '전체가 시리얼',
  },
  notice: { product: '이곳의 품목: {{product}}' },
  close: '닫기',
  cancel: '취소',

  connectionState: {
    online: '온라인',
    offline: '오프라인',
    refused: 'DPS 거부',
    'not-configured': 'DPS 미설정',
  },
  foot: {
    lost: '연결 끊김',
    nothing: '대기 없음',
    waiting_other: '{{formatted}}건 대기',
    since: '{{time}}부터',
    oldest: '가장 오래된 것 {{age}}',
    kept: '모두 여기에 보관 중',
    clockAhead: '이 스테이션의 시계가 {{span}} 빠름',
    clockBehind: '이 스테이션의 시계가 {{span}} 느림',
    lastContact: '마지막 응답 {{time}}',
    lastKnown: '마지막으로 확인된 상태',
    aside_other: '{{formatted}}건 따로 보관',
    today: '오늘 합격',
    yield: '1차 합격률',
    pace: '생산 속도',
    paceTarget: '속도 / 목표',
    perHour: '시간당 {{pace}}',
    ofPerHour: '시간당 {{pace}} / {{target}}',
    pacePlot: '최근 한 시간의 5분별 합격 수',
    none: '–',
  },
  day: {
    title: '오늘 수치를 세는 방법',
    passed: '자정부터 기록된 제품 수입니다.',
    attemptsName: '오늘 검사',
    attempts: '결과와 관계없이 자정부터 한 검사 수입니다.',
    yield: '오늘 검사한 시리얼 가운데 첫 검사에서 합격한 비율입니다.',
    pace: '최근 한 시간에 기록된 제품 수이며, 5분 단위로 셉니다.',
    targetName: '목표',
    target: '설정에 정해진 이 품목의 시간당 목표입니다.',
  },
  connection: {
    title: 'DPS 연결',
    host: 'DPS',
    lastContact: '마지막 응답',
    since: '시작',
    state: '상태',
    queued: '대기',
    sending: '전송 중',
    enrolled: '등록됨',
    conflict: '충돌',
    quarantined: '격리',
    never: '아직 없음',
    online: 'DPS가 응답합니다. 대기 중인 것은 저절로 전송됩니다.',
    'not-configured':
      'DPS 연결이 설정되지 않았습니다. 엔지니어가 설정할 때까지 모든 제품을 기록하여 여기에 보관합니다.',
    asideWhat: '따로 보관된 항목은 지워지지 않습니다. 관리자가 다음 명령으로 확인합니다: keyline queue list',
  },

  verdict: {
    passed: {
      title: '기록됨',
      what: '키를 읽어 디스크에 저장했습니다.',
      do: '제품을 빼고 다음 제품을 스캔하세요.',
    },
    retest: {
      title: '이미 기록된 제품',
      what: '같은 시리얼로 이미 합격한 제품이라 다시 기록하지 않았습니다.',
      do: '제품을 빼고 다음 제품을 스캔하세요.',
    },
    'serial-missing': {
      title: '시리얼 없음',
      what: '이 지그에 아직 시리얼이 없습니다.',
      do: '제품의 라벨을 스캔하세요.',
    },
    'serial-too-long': {
      title: '시리얼이 너무 깁니다',
      what: '시리얼은 128자까지인데, 라벨 두 장이 한 번에 읽힌 것 같습니다.',
      do: '시리얼 라벨 하나만 다시 스캔하세요.',
    },
    'serial-characters': {
      title: '시리얼이 아닙니다',
      what: '시리얼에 쓸 수 없는 문자가 들어 있습니다.',
      do: '시리얼 라벨을 다시 스캔하고, 그래도 같으면 다른 스캐너를 쓰세요.',
    },
    'serial-pattern': {
      title: '이 품목의 시리얼이 아닙니다',
      what: '시리얼이 이 품목의 형식과 다릅니다.',
      do: '라벨과 화면 위쪽의 품목을 확인한 뒤 다시 스캔하세요.',
    },
    'serial-check-digit': {
      title: '잘못 읽은 시리얼',
      what: '시리얼 끝의 검사 숫자가 나머지와 맞지 않습니다.',
      do: '라벨을 다시 스캔하세요. 계속 그러면 제품을 여기에 두고 관리자를 부르세요.',
    },
    clone: {
      title: '{{otherSerial}}의 키',
      what: '이 TPM은 다른 시리얼로 이미 기록되어 있습니다. 라벨이 바뀌었거나 복제된 보드입니다.',
      do: '제품을 여기에 두고 관리자를 부르세요.',
    },
    'serial-has-other-key': {
      title: '다른 TPM으로 기록된 시리얼',
      what: '이 시리얼은 다른 키로 이미 기록되어 있습니다. 보드 교체, TPM 초기화, 라벨 중복 중 하나입니다.',
      do: '제품을 여기에 두고 관리자를 부르세요.',
    },
    'same-tpm-other-key': {
      title: '같은 TPM의 다른 키',
      what: '이 시리얼은 이 TPM의 다른 키로 기록되어 있습니다. 설정이나 TPM에 저장된 키가 바뀌었습니다.',
      do: '제품을 여기에 두고 관리자를 부르세요.',
    },
    'other-tpm': {
      title: '다른 TPM으로 기록된 시리얼',
      what: '이 시리얼은 다른 TPM으로 이미 기록되어 있습니다. 보드 교체, TPM 초기화, 라벨 중복 중 하나입니다.',
      do: '제품을 여기에 두고 관리자를 부르세요.',
    },
    'other-product': {
      title: '다른 품목으로 기록됨',
      what: '이 제품은 다른 품목으로 이미 기록되어 있습니다.',
      do: '제품을 여기에 두고 관리자를 부르세요.',
    },
    'registration-id-invalid': {
      title: 'DPS 이름 규칙 위반',
      what: '품목 규칙으로 만든 이름을 DPS가 받아 주지 않습니다.',
      do: '제품을 여기에 두고 엔지니어를 부르세요.',
    },
    'registration-id-taken': {
      title: '이미 쓰인 DPS 이름',
      what: '품목 규칙으로 만든 이름을 다른 제품이 이미 쓰고 있습니다.',
      do: '제품을 여기에 두고 엔지니어를 부르세요.',
    },
    'registration-id-differs': {
      title: 'DPS 이름이 다름',
      what: '목록에 적힌 이름이 이 키에서 나온 이름과 다릅니다.',
      do: '제품을 여기에 두고 엔지니어를 부르세요.',
    },
    'ek-absent': {
      title: '저장된 키 없음',
      what: '이 품목에는 TPM에 저장된 키가 필요한데, 저장된 키가 없습니다.',
      do: '제품을 여기에 두고 엔지니어를 부르세요.',
    },
    'ek-malformed': {
      title: '키가 손상됨',
      what: 'TPM이 형식에 맞지 않는 키를 내놓았습니다.',
      do: '제품을 빨간 트레이에 두고 관리자를 부르세요.',
    },
    'ek-unfit': {
      title: '종류가 다른 키',
      what: '이 TPM에 저장된 키로는 등록할 수 없습니다.',
      do: '제품을 여기에 두고 엔지니어를 부르세요.',
    },
    'simulator-refused': {
      title: '실제 TPM이 아닙니다',
      what: '모의 TPM이 응답했습니다. 이 스테이션은 실제 생산을 기록합니다.',
      do: '엔지니어를 부르세요. 이 지그가 모의 TPM에 연결되어 있습니다.',
    },
    'dut-serial-differs': {
      title: '다른 제품입니다',
      what: '제품 내부에 적힌 시리얼은 {{dutSerial}}입니다. 라벨 오류, 지그 착오, 보드 교체 중 하나입니다.',
      do: '제품을 여기에 두고 관리자를 부르세요.',
    },
    'dut-serial-unread': {
      title: '제품 내부 시리얼을 읽지 못함',
      what: '이 품목은 제품 내부의 시리얼과 대조해야 하지만, 읽을 수 없습니다.',
      do: '제품을 여기에 두고 엔지니어를 부르세요.',
    },
    'certificate-mismatch': {
      title: '다른 키의 인증서',
      what: '이 TPM의 인증서는 다른 키의 것입니다.',
      do: '제품을 여기에 두고 관리자를 부르세요.',
    },
    'possession-failed': {
      title: '이 TPM의 키가 아님',
      what: '응답한 TPM이 제시한 키를 실제로 가지고 있음을 증명하지 못했습니다. 복제된 키이거나 중간에 다른 것이 끼어 있습니다.',
      do: '제품을 여기에 두고 관리자를 부르세요.',
    },
    'certificate-untrusted': {
      title: '신뢰할 수 없는 제조사',
      what: '이 TPM의 인증서가 이 공장이 신뢰하는 제조사로 이어지지 않습니다.',
      do: '제품을 여기에 두고 관리자를 부르세요.',
    },
    'certificate-missing': {
      title: '인증서 없음',
      what: '이 품목에는 TPM 인증서가 필요하지만 이 제품에는 없습니다.',
      do: '제품을 여기에 두고 관리자를 부르세요.',
    },
    'certificate-not-readable': {
      title: '인증서를 읽을 수 없음',
      what: '이 품목에는 TPM 인증서가 필요하지만 이 제품의 인증서를 읽을 수 없습니다.',
      do: '제품을 여기에 두고 관리자를 부르세요.',
    },
    'certificate-not-checked': {
      title: '인증서 미확인',
      what: '이 품목은 인증서를 확인해야 하지만 이 스테이션에는 대조할 신뢰 목록이 없습니다.',
      do: '엔지니어를 부르세요. 제품의 문제는 아닙니다.',
    },
    'bridge-unreachable': {
      title: '제품이 응답하지 않음',
      what: '이 지그에서 아무 응답이 없습니다.',
      do: '전원과 케이블을 확인하고 다시 시작하세요. 그래도 같으면 엔지니어를 부르세요.',
    },
    'bridge-not-permitted': {
      title: 'TPM에 접근할 수 없음',
      what: '이 스테이션에는 지그의 TPM을 열 권한이 없습니다.',
      do: '엔지니어를 부르세요. 제품의 문제는 아닙니다.',
    },
    'bridge-host-key': {
      title: '다른 장치가 응답함',
      what: '이 지그에서 응답하는 장치의 SSH 호스트 키가 등록된 키와 다릅니다.',
      do: '여기서 멈추고 엔지니어를 부르세요.',
    },
    'bridge-busy': {
      title: 'TPM 사용 중',
      what: '다른 프로그램이 이 지그의 TPM을 쓰고 있습니다.',
      do: '잠시 뒤 다시 시작하고, 그래도 같으면 엔지니어를 부르세요.',
    },
    'bridge-timeout': {
      title: '응답이 끊김',
      what: '제품이 제때 응답하지 않았습니다.',
      do: '전원이 켜져 있고 제대로 꽂혔는지 확인한 뒤 다시 시작하세요. 그래도 같으면 엔지니어를 부르세요.',
    },
    'bridge-closed': {
      title: '연결이 끊어짐',
      what: '검사 도중 제품과의 연결이 끊어졌습니다.',
      do: '제품을 다시 꽂고 시작하세요. 그래도 같으면 엔지니어를 부르세요.',
    },
    'bridge-garbage': {
      title: 'TPM이 아님',
      what: '이 지그에서 TPM이 아닌 것이 응답합니다.',
      do: '제품을 다시 꽂고, 그래도 같으면 엔지니어를 부르세요.',
    },
    'bridge-not-recorded': {
      title: '기록에 없음',
      what: '이 지그는 저장된 기록을 재생하는데, 검사가 묻는 내용이 그 기록에 없습니다.',
      do: '엔지니어를 부르세요. 제품이나 버전이 기록할 때와 다릅니다.',
    },
    cancelled: {
      title: '작업자가 중지함',
      what: '검사가 끝나기 전에 중지되었습니다.',
      do: '제품이 준비되면 다시 시작하세요.',
    },
    'tpm-not-2.0': {
      title: '구형 TPM',
      what: '이 TPM은 1.2 세대입니다. 등록에는 2.0이 필요합니다.',
      do: '제품을 빨간 트레이에 두고 관리자를 부르세요.',
    },
    'tpm-not-started': {
      title: 'TPM이 켜지지 않음',
      what: '제품의 펌웨어가 TPM을 시작하지 않았습니다.',
      do: '제품을 껐다 켜고 부팅이 끝난 뒤 다시 시작하세요. 그래도 같으면 엔지니어를 부르세요.',
    },
    'tpm-failure-mode': {
      title: 'TPM 고장 상태',
      what: 'TPM이 자체 검사에 실패했습니다.',
      do: '제품을 껐다 켜고 다시 시작하세요. 그래도 같으면 빨간 트레이에 두고 관리자를 부르세요.',
    },
    'tpm-locked-out': {
      title: 'TPM이 잠김',
      what: '인증 실패가 이어져 TPM이 스스로 잠겼습니다.',
      do: '전원을 켠 채 두고, 다시 검사하지 말고 관리자를 부르세요.',
    },
    'tpm-busy': {
      title: 'TPM이 바쁨',
      what: 'TPM이 시간을 더 달라고 합니다.',
      do: '10초 기다렸다가 다시 시작하세요. 그래도 같으면 엔지니어를 부르세요.',
    },
    'tpm-out-of-memory': {
      title: 'TPM 공간 부족',
      what: '다른 프로그램이 TPM 안에 남긴 것이 있습니다.',
      do: '제품을 껐다 켠 뒤 다시 시작하세요. 그래도 같으면 엔지니어를 부르세요.',
    },
    'hierarchy-password': {
      title: 'TPM에 암호가 걸림',
      what: '키가 있는 영역에 암호가 설정되어 있습니다.',
      do: '제품을 여기에 두고 엔지니어를 부르세요.',
    },
    'hierarchy-disabled': {
      title: 'TPM이 꺼져 있음',
      what: '제품의 펌웨어 설정이 키를 숨기고 있습니다.',
      do: '제품을 여기에 두고 엔지니어를 부르세요.',
    },
    'tpm-upgrade': {
      title: 'TPM 업데이트 중',
      what: 'TPM 펌웨어를 업데이트하는 중입니다.',
      do: '끝날 때까지 전원을 켜 두고, 그 뒤에 다시 시작하세요. 끝나지 않으면 엔지니어를 부르세요.',
    },
    'tpm-error': {
      title: 'TPM이 명령을 거부함',
      what: 'TPM이 오류로 답했습니다.',
      do: '한 번 더 시작하고, 그래도 같으면 빨간 트레이에 두고 관리자를 부르세요.',
    },
    'tpm-answer-malformed': {
      title: '알 수 없는 응답',
      what: 'TPM이 읽을 수 없는 값을 보냈습니다.',
      do: '제품을 다시 꽂고, 그래도 같으면 빨간 트레이에 두고 관리자를 부르세요.',
    },
    'ledger-full': {
      title: '스테이션 디스크가 가득 참',
      what: '이 제품은 기록되지 않았습니다.',
      do: '엔지니어를 불러 공간을 확보한 뒤 이 제품을 다시 검사하세요.',
    },
    'ledger-failed': {
      title: '기록할 수 없음',
      what: '이 제품은 기록되지 않았습니다.',
      do: '엔지니어를 부른 뒤 이 제품을 다시 검사하세요.',
    },
  },

  warning: {
    'ek-not-persisted': {
      title: '키가 TPM에 저장되지 않음',
      what: '이번 검사에서 만든 키이며 TPM에 저장되어 있지 않습니다. 일부 기기 소프트웨어는 다른 키를 내놓게 됩니다.',
      do: '현장에서 할 일은 없습니다. 엔지니어가 품목별로 한 번 정합니다.',
    },
    'sdk-presents-other-key': {
      title: 'TPM에 키가 두 개',
      what: 'Microsoft 기기 소프트웨어는 기록된 키가 아니라 TPM에 저장된 키를 내놓게 됩니다.',
      do: '현장에서 할 일은 없습니다. 엔지니어가 품목별로 한 번 정합니다.',
    },
    'certificate-for-other-ek': {
      title: 'TCG 키의 인증서',
      what: '제조사가 인증한 것은 이 TPM의 다른 키라서, 기록된 키의 출처는 증명되지 않았습니다.',
      do: '현장에서 할 일은 없습니다. 목록에 남습니다.',
    },
    'certificate-absent': {
      title: 'TPM에 인증서 없음',
      what: 'TPM에 제조사 인증서가 없어 출처가 증명되지 않았습니다.',
      do: '현장에서 할 일은 없습니다. 목록에 남습니다.',
    },
    'certificate-unreadable': {
      title: '인증서를 읽을 수 없음',
      what: 'TPM의 인증서를 읽을 수 없어 출처가 증명되지 않았습니다.',
      do: '현장에서 할 일은 없습니다. 목록에 남습니다.',
    },
    'certificate-unchecked': {
      title: '인증서 미확인',
      what: '인증서는 키와 맞지만, 이 스테이션에는 대조할 신뢰 목록이 없습니다.',
      do: '현장에서 할 일은 없습니다. 목록에 남습니다.',
    },
    'certificate-untrusted': {
      title: '신뢰할 수 없는 제조사',
      what: '인증서가 이 공장이 신뢰하는 제조사로 이어지지 않아 TPM의 출처가 증명되지 않았습니다.',
      do: '현장에서 할 일은 없습니다. 목록에 남습니다.',
    },
    'certificate-date-unsure': {
      title: '인증서 기한 불확실',
      what: '이 스테이션의 시계로는 인증서의 유효 기간을 벗어났지만, 이 시계는 동기화되어 있지 않습니다.',
      do: '현장에서 할 일은 없습니다. 엔지니어가 시계를 확인합니다.',
    },
    'certificate-maker-differs': {
      title: '제조사가 서로 다름',
      what: '인증서에 적힌 제조사와 TPM이 밝힌 제조사가 다릅니다.',
      do: '현장에서 할 일은 없습니다. 관리자가 둘을 비교합니다.',
    },
    simulator: {
      title: '모의 TPM',
      what: '실제 TPM이 아닙니다. 연습 모드이므로 받아들였습니다.',
      do: '할 일은 없습니다.',
    },
    'reference-firmware-tpm': {
      title: '예제 펌웨어와 같은 이름',
      what: 'TPM이 밝힌 이름이 Microsoft 예제 펌웨어와 같습니다. 실제 보드 중에도 있지만, 시뮬레이터도 이 이름을 씁니다.',
      do: '현장에서 할 일은 없습니다. 엔지니어가 품목별로 한 번 정합니다.',
    },
    'virtual-tpm': {
      title: '가상 TPM일 수 있음',
      what: 'TPM이 밝힌 제조사는 가상 머신의 TPM에 쓰이는 이름입니다.',
      do: '제품이 제대로 연결되었는지 확인하고 엔지니어에게 알리세요.',
    },
    'dut-serial-unread': {
      title: '시리얼 대조 안 됨',
      what: '제품 내부의 시리얼을 읽을 수 없어 라벨과 대조하지 못했습니다.',
      do: '라벨이 이 제품의 것인지 확인하세요.',
    },
    'handles-left': {
      title: '정리하지 못함',
      what: '이번 검사의 흔적이 TPM 메모리에 남아 있을 수 있습니다.',
      do: '쓰기 전에 제품을 껐다 켜세요.',
    },
  },

  dps: {
    'connection-string-invalid': {
      title: 'DPS 키가 온전하지 않음',
      what: 'DPS 연결 문자열에 빠진 부분이 있습니다.',
      do: '엔지니어가 공유 액세스 정책에서 다시 복사해야 합니다.',
    },
    'ca-file-unreadable': {
      title: '공장 CA 파일이 없음',
      what: '신뢰하는 인증서가 든 파일을 읽을 수 없습니다.',
      do: '엔지니어가 KEYLINE_DPS_CA_FILE을 확인해야 합니다.',
    },
    'host-is-iot-hub': {
      title: 'DPS가 아닌 IoT Hub',
      what: '설정된 호스트는 IoT Hub입니다. 여기에는 제품을 등록할 수 없습니다.',
      do: '엔지니어가 Device Provisioning Service의 연결 문자열을 복사해야 합니다.',
    },
    'host-unknown': {
      title: 'DPS 호스트를 찾을 수 없음',
      what: '네트워크에서 DPS 호스트 이름을 찾지 못했습니다. 모두 여기에 보관 중입니다.',
      do: '작업을 계속하세요. 엔지니어가 호스트 이름과 네트워크를 확인합니다.',
    },
    'clock-wrong': {
      title: '시계가 맞지 않음',
      what: '스테이션의 날짜나 시각이 크게 틀려 DPS와 통신할 수 없습니다. 모두 여기에 보관 중입니다.',
      do: '작업을 계속하세요. 엔지니어가 날짜와 시각을 맞춥니다.',
    },
    'proxy-invalid': {
      title: '프록시 설정 오류',
      what: '프록시 주소를 읽을 수 없습니다.',
      do: '엔지니어가 HTTPS_PROXY와 NO_PROXY를 확인해야 합니다.',
    },
    'proxy-unknown': {
      title: '프록시를 찾을 수 없음',
      what: '네트워크에서 프록시 이름을 찾지 못했습니다. 모두 여기에 보관 중입니다.',
      do: '작업을 계속하세요. 엔지니어가 HTTPS_PROXY를 확인합니다.',
    },
    'proxy-unreachable': {
      title: '프록시가 응답하지 않음',
      what: '공장 프록시가 응답하지 않습니다. 모두 여기에 보관했다가 복구되면 보냅니다.',
      do: '작업을 계속하세요. 오래 이어지면 전산 담당자에게 알리세요.',
    },
    'proxy-authentication': {
      title: '프록시 인증 필요',
      what: '프록시가 사용자 이름과 암호를 요구합니다. 모두 여기에 보관 중입니다.',
      do: '작업을 계속하세요. 엔지니어가 HTTPS_PROXY에 입력합니다.',
    },
    'proxy-refused': {
      title: '프록시가 막음',
      what: '프록시가 DPS로 가는 연결을 허용하지 않습니다. 모두 여기에 보관 중입니다.',
      do: '작업을 계속하세요. 전산 담당자가 DPS 호스트를 허용해야 합니다.',
    },
    'access-revoked': {
      title: '키가 회수됨',
      what: '전에 쓰던 키를 DPS가 더는 받아들이지 않습니다. 모두 여기에 보관 중입니다.',
      do: '작업을 계속하세요. 엔지니어가 정책의 새 키를 받아 옵니다.',
    },
    'entra-settings-invalid': {
      title: 'Entra 설정 오류',
      what: 'Microsoft Entra ID 로그인 설정을 쓸 수 없습니다.',
      do: '엔지니어가 테넌트, 클라이언트 ID, 비밀 또는 인증서를 확인해야 합니다.',
    },
    'entra-login-failed': {
      title: '로그인 거부됨',
      what: 'Microsoft Entra ID가 이 스테이션의 로그인을 거부했습니다. 모두 여기에 보관 중입니다.',
      do: '작업을 계속하세요. 엔지니어가 클라이언트 비밀이 만료됐는지 확인합니다.',
    },
    'entra-unreachable': {
      title: '로그인 서비스에 닿지 않음',
      what: '지금은 Microsoft Entra ID에 연결할 수 없습니다. 모두 여기에 보관했다가 연결되면 보냅니다.',
      do: '작업을 계속하세요.',
    },
    'entra-role-missing': {
      title: 'DPS 역할 부족',
      what: '로그인했지만 이 계정으로는 제품을 등록할 수 없습니다. 모두 여기에 보관 중입니다.',
      do: '작업을 계속하세요. 엔지니어가 Device Provisioning Service Data Contributor 역할을 부여합니다.',
    },
    offline: {
      title: 'DPS에 닿지 않음',
      what: '지금은 DPS에 연결할 수 없습니다. 모두 여기에 보관했다가 연결되면 보냅니다.',
      do: '작업을 계속하세요.',
    },
    timeout: {
      title: 'DPS 응답이 늦음',
      what: 'DPS가 제때 답하지 않았습니다. 모두 여기에 보관했다가 나중에 보냅니다.',
      do: '작업을 계속하세요.',
    },
    tls: {
      title: '믿을 수 없는 DPS',
      what: 'DPS 서버의 인증서를 이 스테이션이 신뢰하지 않습니다.',
      do: '작업을 계속하세요. 엔지니어가 호스트 이름, 프록시, 공장 CA, 스테이션 시계를 확인합니다.',
    },
    throttled: {
      title: 'DPS가 천천히 보내라고 함',
      what: '요청받은 만큼 기다렸다가 저절로 이어 갑니다.',
      do: '작업을 계속하세요.',
    },
    unauthorized: {
      title: 'DPS가 키를 거부함',
      what: 'DPS가 이 스테이션의 키를 받아들이지 않습니다. 모두 여기에 보관 중입니다.',
      do: '작업을 계속하세요. 엔지니어가 정책과 키를 확인합니다.',
    },
    forbidden: {
      title: 'DPS 권한 부족',
      what: '이 스테이션의 키로는 제품을 등록할 수 없습니다. 모두 여기에 보관 중입니다.',
      do: '작업을 계속하세요. 엔지니어가 정책에 EnrollmentRead와 EnrollmentWrite 권한을 줍니다.',
    },
    'not-found': {
      title: 'DPS가 모르는 주소',
      what: 'DPS가 답하지만 요청한 것을 모른다고 합니다. 모두 여기에 보관 중입니다.',
      do: '작업을 계속하세요. 엔지니어가 호스트 이름을 확인합니다.',
    },
    'emulator-refused': {
      title: '연습용 DPS',
      what: '에뮬레이터가 응답했습니다. 이 스테이션은 실제 생산을 기록합니다. 모두 여기에 보관 중입니다.',
      do: '작업을 계속하세요. 엔지니어가 연결 문자열을 확인합니다.',
    },
    rejected: {
      title: 'DPS가 항목을 거부함',
      what: 'DPS가 잘못된 항목이라고 답했습니다. 이유와 함께 따로 보관합니다.',
      do: '작업을 계속하세요. 관리자가 따로 보관된 것을 확인합니다.',
    },
    'etag-mismatch': {
      title: 'DPS에서 변경됨',
      what: '같은 때에 누군가 DPS에서 이 등록을 바꾸었습니다. 저절로 다시 읽습니다.',
      do: '작업을 계속하세요.',
    },
    'server-error': {
      title: 'DPS 장애',
      what: 'DPS 자체에 장애가 있습니다. 저절로 다시 시도합니다.',
      do: '작업을 계속하세요.',
    },
    'drain-elsewhere': {
      title: '다른 프로그램이 전송 중',
      what: '이 컴퓨터의 다른 Keyline 프로그램이 대기 중인 것을 보내고 있습니다.',
      do: '작업을 계속하세요.',
    },
    'answer-malformed': {
      title: '다른 것이 응답함',
      what: 'DPS가 아닌 것이 답하거나, 프록시가 응답을 바꾸고 있습니다.',
      do: '작업을 계속하세요. 엔지니어가 호스트 이름과 프록시를 확인합니다.',
    },
  },

  scan: {
    'choose-fixture': {
      title: '어느 지그입니까?',
      what: '비어 있는 지그가 여러 개입니다.',
      do: '지그 번호를 누르거나 화면에서 고르세요.',
    },
    'already-in-fixture': {
      title: '이미 지그 {{fixture}}에 있음',
      what: '이 시리얼은 지금 지그 {{fixture}}에 있습니다.',
      do: '라벨을 확인하고, 그 지그가 잘못되었으면 비우세요.',
    },
    'unknown-fixture': {
      title: '없는 지그',
      what: '이 스테이션에는 지그 {{fixture}}이(가) 없습니다.',
      do: '화면에 있는 지그를 고르세요.',
    },
    running: {
      title: '지그가 검사 중',
      what: '이 시리얼이 들어갈 지그에서 검사가 진행 중입니다.',
      do: '끝날 때까지 기다렸다가 다시 스캔하세요.',
    },
  },
  refusal: {
    'nothing-armed': {
      title: '시작할 것이 없음',
      what: '시리얼이 들어간 지그가 없습니다.',
      do: '먼저 시리얼을 스캔하세요.',
    },
    'unknown-fixture': {
      title: '없는 지그',
      what: '그 지그는 이제 이 스테이션에 없습니다.',
      do: '화면에 있는 지그를 고르세요.',
    },
    running: {
      title: '검사 중',
      what: '이 지그에서 검사가 진행 중입니다.',
      do: '끝날 때까지 기다리거나 중지하세요.',
    },
    'not-running': {
      title: '중지할 것이 없음',
      what: '이 지그의 검사는 이미 끝났습니다.',
      do: '결과를 확인하세요.',
    },
  },
  access: {
    'sign-in-needed': {
      title: '로그인이 필요함',
      what: '이 작업은 권한이 있는 사람만 할 수 있습니다.',
      do: '관리자를 불러 로그인하게 하세요.',
    },
    'sign-in-refused': {
      title: '로그인되지 않음',
      what: '등록되지 않은 ID나 배지이거나 PIN이 틀렸습니다.',
      do: '둘 다 확인하고 다시 시도하세요.',
    },
    'sign-in-locked': {
      title: '잠시 잠김',
      what: 'PIN을 너무 여러 번 틀렸습니다.',
      do: '기다리거나 관리자에게 새 PIN을 설정해 달라고 하세요.',
    },
    'role-missing': {
      title: '권한 없음',
      what: '현재 역할로는 이 작업을 할 수 없습니다.',
      do: '관리자를 부르세요.',
    },
    'pin-needed': {
      title: 'PIN이 필요함',
      what: '배지만으로는 작업자 권한만 주어집니다.',
      do: '배지와 PIN으로 로그인하세요.',
    },
  },
  desk: {
    'entry-unknown': {
      title: '없는 항목',
      what: '전송 대기 목록에 그런 항목이 없습니다.',
      do: '목록을 다시 확인하세요.',
    },
    'entry-not-waiting': {
      title: '다시 보낼 것이 없음',
      what: '충돌 중이거나 따로 보관된 항목만 다시 보낼 수 있습니다.',
      do: '목록을 다시 확인하세요.',
    },
    'decision-unfit': {
      title: '여기서는 할 수 없음',
      what: '이 항목에는 할 수 없는 결정이거나, 누군가 이미 결정했습니다.',
      do: '항목을 다시 확인하세요.',
    },
    'reason-invalid': {
      title: '사유가 필요함',
      what: '결정하려면 한 줄, 200자 이내의 사유가 필요합니다.',
      do: '사유를 적으세요.',
    },
    'new-id-impossible': {
      title: '다른 ID를 만들 수 없음',
      what: '이 제품에는 다른 등록 ID를 만들 수 없습니다.',
      do: '다른 결정을 하세요. 엔지니어가 제품 템플릿을 확인합니다.',
    },
    'dps-not-configured': {
      title: 'DPS 설정 없음',
      what: '이 스테이션에는 보낼 DPS가 설정되어 있지 않습니다.',
      do: '엔지니어가 먼저 연결을 설정합니다.',
    },
    'sign-in-key-missing': {
      title: '아무도 로그인할 수 없음',
      what: '배지와 PIN의 키가 이 스테이션에서 없어졌습니다.',
      do: '엔지니어를 불러 복구하세요.',
    },
  },
  cause: {
    'clone-elsewhere': {
      title: '같은 키, 다른 시리얼',
      what: 'DPS에 이 키가 다른 시리얼로 등록되어 있습니다. 라벨이 바뀌었거나, 전에 검사한 보드이거나, 복제된 TPM입니다.',
      do: '결정하기 전에 다른 보드와 비교하세요.',
    },
    'unknown-origin': {
      title: '다른 곳에서 등록함',
      what: 'DPS에 이 키가 있지만 누가 등록했는지 알 수 없습니다.',
      do: '이 보드가 맞는지 확인하세요. 맞으면 그 등록을 그대로 둘 수 있습니다.',
    },
    'other-endorsement-key': {
      title: '같은 ID, 다른 키',
      what: 'DPS에 이 등록 ID가 다른 키로 있습니다. 전에 쓴 시리얼이거나 초기화된 TPM입니다.',
      do: '결정하기 전에 어느 보드가 현장에 있는지 확인하세요.',
    },
    'gone-from-dps': {
      title: 'DPS에서 사라짐',
      what: 'DPS에 있던 등록이 이제 없습니다.',
      do: '다시 만들기 전에 누가 지웠는지 확인하세요.',
    },
    'other-dps': {
      title: '다른 DPS용',
      what: '지금 설정된 것과 다른 DPS에 보내려고 만든 항목입니다.',
      do: '설정을 일부러 바꾼 것이면 관리자가 새 DPS로 보냅니다.',
    },
    'rejected-by-dps': {
      title: 'DPS가 거부함',
      what: 'DPS가 이 등록을 받아들이지 않습니다.',
      do: '엔지니어가 응답을 읽고 제품 템플릿을 확인합니다.',
    },
    unreadable: {
      title: '읽을 수 없음',
      what: '원장의 이 항목이 손상되었습니다.',
      do: '엔지니어를 부른 다음 제품을 다시 검사하세요.',
    },
  },
  call: {
    'invalid-input': {
      title: '시리얼로는 너무 깁니다',
      what: '스캔한 값이 어떤 라벨보다도 깁니다.',
      do: '시리얼 라벨 하나만 다시 스캔하세요.',
    },
    closed: {
      title: '스테이션과 연결이 끊겼습니다',
      what: '지금은 이 화면의 조작이 스테이션에 닿지 않습니다.',
      do: '연결이 돌아오면 지그를 확인하고, 바뀐 것이 없으면 다시 하세요.',
    },
    timeout: {
      title: '스테이션 응답이 늦음',
      what: '스테이션이 아직 답하지 않았습니다.',
      do: '지그를 확인하고, 바뀐 것이 없으면 다시 하세요.',
    },
    failed: {
      title: '스테이션이 처리하지 못함',
      what: '스테이션 안에서 문제가 생겼습니다. 자세한 내용은 스테이션 로그에 있습니다.',
      do: '한 번 더 해 보고, 그래도 같으면 엔지니어를 부르세요.',
    },
  },
  unterminated: {
    title: '스캔이 끝나지 않음',
    what: '스캐너가 이 값 뒤에 Enter를 보내지 않았습니다. 잘린 값일 수 있습니다.',
    do: '다시 스캔하고, 그래도 같으면 스캐너의 접미사를 Enter로 설정하세요.',
  },
  fault: {
    'ledger-full': {
      title: '스테이션 디스크가 가득 참',
      what: '어떤 제품도 기록할 수 없습니다.',
      do: '검사를 멈추고 엔지니어를 부르세요.',
    },
    'ledger-failed': {
      title: '기록할 수 없음',
      what: '스테이션이 장부에 쓸 수 없습니다.',
      do: '검사를 멈추고 엔지니어를 부르세요.',
    },
    'secret-store-locked': {
      title: '키링이 잠겨 있음',
      what: '스테이션이 DPS 키를 읽을 수 없습니다. 검사 결과는 기록되어 여기에 보관됩니다.',
      do: '검사를 계속하세요. 엔지니어가 키링의 잠금을 풀어야 합니다.',
    },
    other: {
      title: '스테이션 이상',
      what: '스테이션이 “{{fault}}” 상태를 알립니다.',
      do: '검사를 멈추고 엔지니어를 부르세요.',
    },
  },
  announce: {
    decided: '지그 {{number}}: {{word}}. {{title}}. {{do}}',
    passed: '지그 {{number}}: {{word}}.',
    armed: '지그 {{number}}, 시리얼 {{serial}} 준비됨.',
  },
};
