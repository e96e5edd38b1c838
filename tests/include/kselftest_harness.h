/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's harness, which ends a case after 30 s. That is there for those
 * that never end, and is not to be reached by those that are run where all is
 * slow.
 */

#include_next "kselftest_harness.h"

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT	300
