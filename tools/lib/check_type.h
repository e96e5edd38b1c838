/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The types of checks: what each needs and which arguments it takes.
 */

#ifndef _LB_CHECK_TYPE_H
#define _LB_CHECK_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lb_args;
struct lb_check;
struct lb_err;

/* Most arguments that a type knows. */
#define LB_CHECK_KEYS_MAX	16

/* How often a server of "send-expect" may be asked: its arguments end so. */
#define LB_SEND_EXPECT_ROUNDS	4

/**
 * enum lb_arg_kind - what the value of an argument has to be
 * @LB_ARG_TEXT: any text, but not none
 * @LB_ARG_HOST: name or address of a host
 * @LB_ARG_NUMBER: a number within limits
 * @LB_ARG_WORD: one of several words
 * @LB_ARG_CODES: a list of codes, see lb_codes_check()
 * @LB_ARG_REGEX: a POSIX extended regular expression
 * @LB_ARG_PATH: printable and without blanks, beginning with a slash
 * @LB_ARG_TOKEN: letters, digits and ``-_.``
 * @LB_ARG_FILTER: an LDAP filter, ``(attribute=value)`` or ``(attribute=*)``, with
 *	or without the parentheses
 * @LB_ARG_FILE: name of a program, see lb_exec_refuse()
 */
enum lb_arg_kind {
	LB_ARG_TEXT,
	LB_ARG_HOST,
	LB_ARG_NUMBER,
	LB_ARG_WORD,
	LB_ARG_CODES,
	LB_ARG_REGEX,
	LB_ARG_PATH,
	LB_ARG_TOKEN,
	LB_ARG_FILTER,
	LB_ARG_FILE,
};

/**
 * struct lb_check_key - an argument that a type of check takes
 * @name: its name
 * @kind: what its value has to be
 * @words: for %LB_ARG_WORD, as ``one|two|three``
 * @min: smallest number or code
 * @max: largest number or code, or most bytes of a text, 0 for any number
 * @required: it must be there
 * @needs: another argument that must be ``yes`` with it, or NULL
 * @excludes: another argument that must not be there with it, or NULL
 */
struct lb_check_key {
	const char *name;
	enum lb_arg_kind kind;
	const char *words;
	unsigned int min;
	unsigned int max;
	bool required;
	const char *needs;
	const char *excludes;
};

/**
 * enum lb_check_port - what a type has to do with ports
 * @LB_CHECK_PORT_MUST: it checks ports
 * @LB_CHECK_PORT_MAY: it is told the port, if there is one
 * @LB_CHECK_PORT_NONE: it has nothing to do with ports
 */
enum lb_check_port {
	LB_CHECK_PORT_MUST,
	LB_CHECK_PORT_MAY,
	LB_CHECK_PORT_NONE,
};

/**
 * struct lb_check_type - a type of check
 * @name: its name
 * @alias: another name for it, or NULL
 * @passive: nobody checks: the real counts as up, or others report its health
 * @protos: protocols that it speaks, bits L4LB_PROTO_TCP and L4LB_PROTO_UDP
 * @port: what it has to do with ports
 * @secret: it can log in
 * @key: the arguments it takes, ended by one without a name
 */
struct lb_check_type {
	const char *name;
	const char *alias;
	bool passive;
	uint8_t protos;
	enum lb_check_port port;
	bool secret;
	struct lb_check_key key[LB_CHECK_KEYS_MAX + 1];
};

const struct lb_check_type *lb_check_type_find(const char *name);
size_t lb_check_type_index(const struct lb_check_type *type);
bool lb_check_is_passive(const struct lb_check *check);
int lb_check_type_unknown(const char *name, struct lb_err *err);
int lb_check_args_refuse(const struct lb_check_type *type,
			 const struct lb_args *args, struct lb_err *err);
int lb_check_type_refuse(const struct lb_check *check, uint8_t protos,
			 struct lb_err *err);
int lb_check_file_refuse(const struct lb_check *check, struct lb_err *err);

#endif /* _LB_CHECK_TYPE_H */
