#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A mail site by NAT: see site/tour.sh.

# shellcheck source=tests/site/tour.sh
. "$(dirname "$0")/site/tour.sh"

tour nat
