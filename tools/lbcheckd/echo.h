/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An echo request, and its reply. Pure.
 */

#ifndef _LBCHECKD_ECHO_H
#define _LBCHECKD_ECHO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct echo - what is sent, and comes back as it is
 * @type: type of ICMP
 * @code: 0
 * @checksum: of an IPv4 message; of others the kernel makes it
 * @id: the kernel may put its own in its place
 * @sequence: which try it is
 * @cookie: of the socket, so that nobody else can have answered
 * @serial: of the check
 */
struct echo {
	uint8_t type;
	uint8_t code;
	uint16_t checksum;
	uint16_t id;
	uint16_t sequence;
	uint64_t cookie;
	uint64_t serial;
};

uint16_t echo_checksum(const struct echo *echo);
bool echo_take(const uint8_t *packet, size_t len, bool headed,
	       struct echo *echo);

#endif /* _LBCHECKD_ECHO_H */
