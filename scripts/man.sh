#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The manual pages, as mandoc reads them.

top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
cd "$top" || exit 1

! mandoc -T lint -W warning tools/*/*.[578] kmod/*.4 | grep .
