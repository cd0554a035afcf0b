#!/bin/sh
# A harvest as lines write it today, on tpm2-tools: identity, EK, EK certificate, and the proof that the TPM holds the
# key. An ECC key is activated against, the quickest that these tools make. $1: an empty folder; TPM2TOOLS_TCTI is set.
set -eu
cd "$1"
tpm2_getcap properties-fixed >properties
tpm2_readpublic -Q -c 0x81010001 -o ek.pub -f tss
tpm2_nvread -Q 0x01c00002 -o ek.der
tpm2_createak -Q -C 0x81010001 -G ecc -g sha256 -s ecdsa -c ak.ctx -u ak.pub -n ak.name
head -c 32 /dev/urandom >secret
tpm2_makecredential -Q -T none -u ek.pub -s secret -n "$(od -An -tx1 ak.name | tr -d ' \n')" -o credential
tpm2_startauthsession -Q --policy-session -S session
tpm2_policysecret -Q -S session -c endorsement
tpm2_activatecredential -Q -c ak.ctx -C 0x81010001 -i credential -o opened -P session:session
tpm2_flushcontext -Q session
tpm2_flushcontext -Q --transient-object
cmp -s secret opened
