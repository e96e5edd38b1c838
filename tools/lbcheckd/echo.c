// SPDX-License-Identifier: GPL-2.0-only
/*
 * An echo request, and its reply.
 */

#include "echo.h"
#include "compiler.h"

#include <string.h>

/**
 * echo_checksum() - make the checksum of a message of IPv4
 * @echo: the message, with none yet
 *
 * Return: the checksum.
 */
uint16_t echo_checksum(const struct echo *echo)
{
	uint16_t word[sizeof(*echo) / 2];
	uint32_t sum = 0;
	size_t i;

	memcpy(word, echo, sizeof(word));
	for (i = 0; i < ARRAY_SIZE(word); i++)
		sum += word[i];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);

	return (uint16_t)~sum;
}

/**
 * echo_take() - take a message out of a packet
 * @packet: packet
 * @len: its length
 * @headed: it begins with a header of IPv4
 * @echo: where to
 *
 * Return: false if it is too short for one.
 */
bool echo_take(const uint8_t *packet, size_t len, bool headed,
	       struct echo *echo)
{
	size_t offset = headed && len ? (size_t)(packet[0] & 0x0f) * 4 : 0;

	if (len < offset + sizeof(*echo))
		return false;
	memcpy(echo, packet + offset, sizeof(*echo));

	return true;
}
